import { HoneError } from "@shared/errors";

/** Turns a failure of the file system into words; `action` completes "Cannot … <path>". The codes are those of the engine. */
export function fileError(error: unknown, action: string, path: string): HoneError {
  if (error instanceof HoneError) return error;
  const { code: number, message } = error as NodeJS.ErrnoException;
  const make = (code: string, what: string, hint: string) =>
    new HoneError(code, `Cannot ${action} "${path}": ${what}.`, hint, { path }, error);
  switch (number) {
    case "ENOENT":
    case "ENOTDIR":
      return make("file.missing", "there is no such file or folder", "Check that it was not moved or deleted.");
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return make(
        "file.permission",
        "access is not allowed",
        "Check the permissions of the file and its folder, or choose another one.",
      );
    case "ENOSPC":
    case "EDQUOT":
      return make("disk.full", "the disk is full", "Free some space, or choose a folder on another disk.");
    case "EISDIR":
      return make("file.kind", "it is a folder", "Choose a file.");
    case "EEXIST":
    case "ENOTEMPTY":
      return make("file.exists", "it is already there", "Choose another name or folder.");
    case "ENAMETOOLONG":
      return make("file.name", "the name is too long", "Choose a shorter name.");
    default:
      return make("file.failed", message ?? String(error), "");
  }
}

/** Runs `work`; its file-system failures become `HoneError`s about `path`. */
export async function withFileErrors<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, action, path);
  }
}
