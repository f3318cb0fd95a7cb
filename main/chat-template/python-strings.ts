/** White space of Python's `str.strip`, which is a little more than that of JavaScript. */
const spaces = new Set(
  " \t\n\r\v\f\u001c\u001d\u001e\u001f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

function strip(text: string, which: "left" | "right" | "both", marks: unknown): string {
  const set = typeof marks === "string" ? new Set(marks) : spaces;
  const characters = [...text];
  let begin = 0;
  let end = characters.length;
  if (which !== "right") while (begin < end && set.has(characters[begin] ?? "")) begin += 1;
  if (which !== "left") while (end > begin && set.has(characters[end - 1] ?? "")) end -= 1;
  return characters.slice(begin, end).join("");
}

/** Every run of letters begins with a capital and goes on in small letters. */
const title = (text: string) =>
  text.replace(/\p{L}+/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });

const capitalize = (text: string) => {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
};

/** Widths come from templates too. */
const room = (width: unknown) => Math.min(Math.max(0, Number(width) || 0), 10_000);

/** Methods of Python's texts that the library lacks or has otherwise: each is given the text and its arguments. */
export const textMethods: Readonly<Record<string, (text: string, ...args: readonly unknown[]) => unknown>> = {
  strip: (text, marks) => strip(text, "both", marks),
  lstrip: (text, marks) => strip(text, "left", marks),
  rstrip: (text, marks) => strip(text, "right", marks),
  title,
  capitalize,
  swapcase: (text) => [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(""),
  removeprefix: (text, prefix) => (text.startsWith(String(prefix)) ? text.slice(String(prefix).length) : text),
  removesuffix: (text, suffix) =>
    suffix !== "" && text.endsWith(String(suffix)) ? text.slice(0, text.length - String(suffix).length) : text,
  find: (text, part) => text.indexOf(String(part)),
  rfind: (text, part) => text.lastIndexOf(String(part)),
  count: (text, part) => (part === "" ? text.length + 1 : text.split(String(part)).length - 1),
  isdigit: (text) => /^\p{Nd}+$/u.test(text),
  isspace: (text) => text !== "" && strip(text, "both", undefined) === "",
  isalpha: (text) => /^\p{L}+$/u.test(text),
  isalnum: (text) => /^[\p{L}\p{N}]+$/u.test(text),
  isupper: (text) => text !== text.toLowerCase() && text === text.toUpperCase(),
  islower: (text) => text !== text.toUpperCase() && text === text.toLowerCase(),
  splitlines: (text) => {
    const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  },
  index: (text, part) => {
    const place = text.indexOf(String(part));
    if (place < 0) throw new Error("the part is not in the text");
    return place;
  },
  partition: (text, mark) => {
    const place = text.indexOf(String(mark));
    return place < 0 ? [text, "", ""] : [text.slice(0, place), String(mark), text.slice(place + String(mark).length)];
  },
  rsplit: (text, mark, most = -1) => {
    const parts = typeof mark === "string" ? text.split(mark) : (text.match(/\S+/g) ?? []);
    const limit = Number(most);
    if (limit < 0 || parts.length - 1 <= limit || typeof mark !== "string") return [...parts];
    const tail = limit === 0 ? [] : parts.slice(-limit);
    return [parts.slice(0, parts.length - tail.length).join(mark), ...tail];
  },
  zfill: (text, width) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? "";
    return sign + text.slice(sign.length).padStart(room(width) - sign.length, "0");
  },
  ljust: (text, width, fill = " ") => text.padEnd(room(width), String(fill)),
  rjust: (text, width, fill = " ") => text.padStart(room(width), String(fill)),
  join: (text, parts) => (Array.isArray(parts) ? parts.map(String).join(text) : String(parts ?? "")),
};
