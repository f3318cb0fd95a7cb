/** Where and why a text is no JSON, for a message that names a column. `index` counts UTF-16 units from 0. */
export interface JsonFault {
  readonly index: number;
  readonly expected: string;
}

const spaces = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const maxDepth = 200;

/**
 * The first fault of `text`, or null where it is JSON. Kept for the message only: `JSON.parse` decides, but tells the place in a
 * different way, or not at all, in each version of Node.
 */
export function findJsonFault(text: string): JsonFault | null {
  let at = 0;
  const fail = (expected: string): never => {
    throw { index: at, expected } satisfies JsonFault;
  };
  const skip = () => {
    spaces.lastIndex = at;
    spaces.exec(text);
    at = spaces.lastIndex;
  };
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeString = (expected: string) => {
    if (text[at] !== '"') fail(expected);
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) fail('a closing "');
      if (text.charCodeAt(at) < 0x20) fail("no line break or control character inside a string");
      if (text[at] !== "\\") continue;
      at++;
      if (text[at] === "u" && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
      else if (!/["\\/bfnrt]/.test(text[at] ?? "")) fail('one of "\\/bfnrtu after a backslash');
    }
    at++;
  };
  const takeList = (close: string, takeItem: () => void) => {
    at++;
    skip();
    if (text[at] === close) return void at++;
    for (;;) {
      takeItem();
      skip();
      if (text[at] === close) return void at++;
      if (text[at] !== ",") fail(`"," or "${close}"`);
      at++;
      skip();
    }
  };
  const takeValue = (depth: number): void => {
    if (depth > maxDepth) fail(`no more than ${maxDepth} levels`);
    if (text[at] === "{") {
      takeList("}", () => {
        takeString("a name in double quotes");
        skip();
        if (text[at] !== ":") fail('":"');
        at++;
        skip();
        takeValue(depth + 1);
      });
    } else if (text[at] === "[") takeList("]", () => takeValue(depth + 1));
    else if (text[at] === '"') takeString("a string");
    else if (!take(number) && !take(word)) fail("a value");
  };
  try {
    skip();
    takeValue(0);
    skip();
    if (at < text.length) fail("the end of the line");
    return null;
  } catch (fault) {
    return fault as JsonFault;
  }
}
