import { HoneError } from "@shared/errors";

const deepest = 32;

/** `JSON.parse` for untrusted files: a name that occurs twice in one object and deep nesting are refused. `what` names the text. */
export function parseStrictJson(text: string, what: string): unknown {
  const refuse = (problem: string) => new HoneError("json.malformed", `${what} ${problem}.`, "The file is damaged.");
  // Before the parser, which would go as deep as the text says and keep the last of two equal names.
  checkNames(text, refuse);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(`is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "it cannot be read"}`);
  }
}

function checkNames(text: string, refuse: (problem: string) => HoneError): void {
  /** One set of names for each open object, null for an array. */
  const open: (Set<string> | null)[] = [];
  const string = /"(?:[^"\\]|\\.)*"/y;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      if (open.length > deepest) throw refuse(`is nested deeper than ${deepest} levels`);
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      string.lastIndex = at;
      const found = string.exec(text)?.[0];
      if (found === undefined) throw refuse("ends inside a text");
      at += found.length - 1;
      const names = open.at(-1);
      if (names && isName(text, at + 1)) {
        const name = unescaped(found);
        if (names.has(name)) throw refuse(`has the name ${JSON.stringify(name.slice(0, 100))} twice`);
        names.add(name);
      }
    }
  }
}

function isName(text: string, end: number): boolean {
  let at = end;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return text[at] === ":";
}

function unescaped(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal;
  }
}
