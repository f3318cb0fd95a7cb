import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findJsonFault } from "@main/datasets/containers/json-fault";
import { readLines } from "@main/datasets/containers/lines";
import { openDatasetFile } from "@main/datasets/containers/open";
import { limits } from "@main/datasets/raw-row";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder";

async function rowsOf(name: string, content: string | Buffer) {
  const path = join(await tempFolder(), name);
  writeFileSync(path, content);
  const found: unknown[] = [];
  for await (const row of (await openDatasetFile(path)).rows()) {
    found.push("refusal" in row ? { line: row.line, code: row.refusal.code, message: row.refusal.message } : row);
  }
  return found;
}

describe("a JSONL file", () => {
  it("gives one value per line and passes over blank ones, byte order mark and all", async () => {
    expect(await rowsOf("a.jsonl", '\uFEFF{"a":1}\r\n\n  \n{"a":"ü"}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { a: "ü" } },
    ]);
  });

  it("names line and column of what is no JSON and goes on", async () => {
    expect(await rowsOf("a.jsonl", '{"a":1}\n{"a":}\n{"a":2\n{"a":3}')).toEqual([
      { line: 1, value: { a: 1 } },
      {
        line: 2,
        code: "dataset.json",
        message: 'The line is not valid JSON: at column 6, expected a value, found "}".',
      },
      {
        line: 3,
        code: "dataset.json",
        message: 'The line is not valid JSON: at column 7, expected "," or "}", found the end of the line.',
      },
      { line: 4, value: { a: 3 } },
    ]);
  });

  it("names the byte that is no UTF-8", async () => {
    const broken = Buffer.concat([Buffer.from('{"a":"é'), Buffer.from([0xff]), Buffer.from('"}\n{"a":1}\n')]);
    expect(await rowsOf("a.jsonl", broken)).toEqual([
      { line: 1, code: "dataset.encoding", message: "The line is not valid UTF-8: byte 9 of the line does not fit." },
      { line: 2, value: { a: 1 } },
    ]);
  });

  it("refuses a line without an end and reads the next one", async () => {
    const long = `{"a":"${"x".repeat(limits.rowBytes)}"}\n{"a":1}\n`;
    expect(await rowsOf("a.jsonl", long)).toEqual([
      { line: 1, code: "dataset.row-too-long", message: "The line is longer than 4 MB." },
      { line: 2, value: { a: 1 } },
    ]);
  });

  it("keeps characters that lie across two pieces of the file", async () => {
    const path = join(await tempFolder(), "a.txt");
    writeFileSync(path, "ü€😀".repeat(100_000));
    const lines: string[] = [];
    for await (const line of readLines(path)) if ("text" in line) lines.push(line.text);
    expect(lines).toEqual(["ü€😀".repeat(100_000)]);
  });
});

describe("a file that is one JSON list", () => {
  it("gives its elements with the lines they begin in", async () => {
    expect(await rowsOf("a.json", '[\n  {"a": "],\\"[{"},\n  {"a": [1, {}]}\n, 5]\n')).toEqual([
      { line: 2, value: { a: '],"[{' } },
      { line: 3, value: { a: [1, {}] } },
      { line: 4, value: 5 },
    ]);
    expect(await rowsOf("b.json", "[ ]")).toEqual([]);
  });

  it("refuses what is left open or goes on behind the list", async () => {
    await expect(rowsOf("a.json", '[{"a":1},\n')).rejects.toMatchObject({
      code: "dataset.json",
      message: expect.stringContaining("not closed"),
    });
    await expect(rowsOf("a.json", "[1] 2")).rejects.toMatchObject({
      code: "dataset.json",
      message: expect.stringContaining("outside"),
    });
  });
});

describe("a CSV file", () => {
  it("gives rows by the names of the first line, whatever separates them", async () => {
    expect(await rowsOf("a.csv", '\uFEFFPrompt,completion\n"a, b","x\ny"\nc,d\n')).toEqual([
      { line: 2, value: { prompt: "a, b", completion: "x\ny" } },
      { line: 4, value: { prompt: "c", completion: "d" } },
    ]);
    expect(await rowsOf("a.csv", "prompt;completion\na,b;c\n")).toEqual([
      { line: 2, value: { prompt: "a,b", completion: "c" } },
    ]);
    expect(await rowsOf("a.tsv", "prompt\tcompletion\na\tc\n")).toEqual([
      { line: 2, value: { prompt: "a", completion: "c" } },
    ]);
  });

  it("leaves out rows with broken quotes and says where", async () => {
    const rows = await rowsOf("a.csv", 'prompt,completion\na,b\nc,d"e\nf,g\n');
    expect(rows).toContainEqual({ line: 2, value: { prompt: "a", completion: "b" } });
    expect(rows).toContainEqual({ line: 3, code: "dataset.csv", message: expect.stringContaining("not valid CSV") });
    expect(rows).toContainEqual({ line: 4, value: { prompt: "f", completion: "g" } });
  });

  it("refuses two columns of one name", async () => {
    await expect(rowsOf("a.csv", "text,Text\na,b\n")).rejects.toMatchObject({ code: "dataset.csv" });
  });
});

describe("opening a dataset", () => {
  it("refuses what is no text, in words", async () => {
    const refusal = async (name: string, content: Buffer | string) =>
      rowsOf(name, content).catch((error: unknown) => error);
    expect(await refusal("a.jsonl", "")).toMatchObject({ code: "dataset.empty" });
    expect(await refusal("a.jsonl", Buffer.from("GGUF\0\0\0\0"))).toMatchObject({
      code: "dataset.binary",
      message: expect.stringContaining("GGUF"),
    });
    expect(await refusal("a.parquet", Buffer.from("PAR1\0\0"))).toMatchObject({
      code: "dataset.binary",
      message: expect.stringContaining("Parquet"),
    });
    expect(await refusal("a.csv", Buffer.from("\uFEFFa,b", "utf16le"))).toMatchObject({
      code: "dataset.encoding",
      message: expect.stringContaining("UTF-16"),
    });
    await expect(openDatasetFile("/no/such/file.jsonl")).rejects.toMatchObject({ code: "file.missing" });
    await expect(openDatasetFile(await tempFolder())).rejects.toMatchObject({ code: "file.kind" });
  });

  it("takes a file without a telling name by its first character", async () => {
    expect(await rowsOf("data", '{"a":1}\n')).toEqual([{ line: 1, value: { a: 1 } }]);
    expect(await rowsOf("data", "plain words\n")).toEqual([{ line: 1, value: { text: "plain words" } }]);
  });
});

describe("the search for a fault in JSON", () => {
  it("agrees with the parser on what is JSON", () => {
    const texts = [
      "{}",
      "[]",
      "[1,2]",
      '{"a":[true,false,null,-1.5e+3,"\\u00e9\\n"]}',
      ' "x" ',
      "0",
      "01",
      "1.",
      "-",
      "+1",
      "nul",
      '"\t"',
      '"\\x"',
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "{'a':1}",
      '{"a" 1}',
      "[1 2]",
      '"open',
      "",
      "  ",
      "{}{}",
      "NaN",
      '"\\u12"',
      "1e5",
      ".5",
      "[[[]]]",
      "[[[]]",
    ];
    for (const text of texts) {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(findJsonFault(text) === null, text).toBe(valid);
    }
  });
});
