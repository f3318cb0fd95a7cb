import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** Tells a second start where the first one is. Holds the token: for the person's own eyes only. */
const noteSchema = z.object({ url: z.string().startsWith("http://127.0.0.1:"), pid: z.int() });

const noteIn = (folder: string) => path.join(folder, "served.json");

export async function leaveNote(folder: string, url: string): Promise<void> {
  await writeFile(noteIn(folder), JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
}

export async function removeNote(folder: string): Promise<void> {
  await rm(noteIn(folder), { force: true });
}

/** The URL of the Hone that is served from this data folder, if it answers. */
export async function runningUrl(folder: string): Promise<string | null> {
  try {
    const { url, pid } = noteSchema.parse(JSON.parse(await readFile(noteIn(folder), "utf8")));
    // Of one that was killed, the note stays, and its port may be another program's by now.
    process.kill(pid, 0);
    const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return answer.ok ? url : null;
  } catch {
    return null;
  }
}
