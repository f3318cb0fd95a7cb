import { type OpenedFile, openDatasetFile } from "@main/datasets/containers/open";
import { importerOf, importers } from "@main/datasets/importers/all";
import { describe, type Row } from "@main/datasets/importers/shape";
import { readRows } from "@main/datasets/rows";
import { withFileErrors } from "@main/storage/file-error";
import { HoneError } from "@shared/errors";
import type { Conversation, DatasetFormat, DatasetGuess, RowProblem } from "@shared/models/dataset";

const rowsLookedAt = 200;
const sampleRows = 5;
const problemsKept = 100;

/** Looks through the whole file without keeping anything. With `format` the rows are read as that, else as the format they look like. */
export async function guessDataset(path: string, format?: DatasetFormat): Promise<DatasetGuess> {
  return withFileErrors("read", path, async () => {
    const file = await openDatasetFile(path);
    const look = await lookAt(file, path, format);
    const sample: Conversation[] = [];
    const problems: RowProblem[] = [];
    let rows = 0;
    let problemCount = 0;
    for await (const row of readRows(file, importerOf(look.format))) {
      if ("code" in row) {
        problemCount++;
        if (problems.length < problemsKept) problems.push(row);
      } else {
        rows++;
        if (sample.length < sampleRows) sample.push(row);
      }
    }
    return { path, container: file.container, ...look, rows, problems, problemCount, sample };
  });
}

interface Look {
  readonly format: DatasetFormat;
  readonly because: string;
  readonly fields: readonly string[];
}

async function lookAt(file: OpenedFile, path: string, chosen?: DatasetFormat): Promise<Look> {
  const fields = new Set<string>();
  const votes = new Map<DatasetFormat, { count: number; reason: string }>();
  let seen = 0;
  let odd: unknown;
  for await (const raw of file.rows()) {
    if (seen === rowsLookedAt) break;
    seen++;
    if ("refusal" in raw) continue;
    if (raw.value === null || typeof raw.value !== "object" || Array.isArray(raw.value)) {
      odd ??= raw.value;
      continue;
    }
    const row = raw.value as Row;
    for (const field of Object.keys(row)) if (fields.size < 50) fields.add(field);
    for (const importer of importers) {
      const reason = importer.recognise(row);
      if (reason === null) continue;
      const vote = votes.get(importer.format);
      votes.set(importer.format, { count: (vote?.count ?? 0) + 1, reason: vote?.reason ?? reason });
      break;
    }
  }
  if (seen === 0)
    throw new HoneError("dataset.empty", `"${path}" has no rows.`, "Choose a file with one example per row.", { path });
  if (chosen) return { format: chosen, because: "You chose this format.", fields: [...fields] };
  const [best] = [...votes].sort(([, left], [, right]) => right.count - left.count);
  if (!best) throw unknownFormat(path, [...fields], odd);
  const [format, { count, reason }] = best;
  const because =
    file.container === "text"
      ? "The file is plain text; each line is a row."
      : `${count} of the first ${seen} rows have ${reason}.`;
  return { format, because, fields: [...fields] };
}

function unknownFormat(path: string, fields: readonly string[], odd: unknown): HoneError {
  const found =
    fields.length > 0
      ? `the fields ${fields.map((field) => `"${field}"`).join(", ")}`
      : odd !== undefined
        ? `${describe(odd)} instead of fields`
        : "no readable row";
  return new HoneError(
    "dataset.format",
    `The rows of "${path}" have ${found}; that is none of the known formats.`,
    'Name the fields "messages", "conversations", "instruction" and "output", "prompt" and "completion", or "text".',
    { path, fields },
  );
}
