// Writes unicode_ranges.h from the Unicode tables of the running Node: node make_unicode_ranges.mjs
import { writeFileSync } from "node:fs";

const classes = [
  ["letter", /^\p{L}$/u],
  ["number", /^\p{N}$/u],
  ["punctuation", /^\p{P}$/u],
];

function classify(code) {
  if (code >= 0xd800 && code <= 0xdfff) return undefined;
  const text = String.fromCodePoint(code);
  return classes.find(([, pattern]) => pattern.test(text))?.[0];
}

const ranges = [];
for (let code = 0; code <= 0x10ffff; code++) {
  const kind = classify(code);
  const last = ranges.at(-1);
  if (last && last.kind === kind && last.last === code - 1) last.last = code;
  else if (kind) ranges.push({ first: code, last: code, kind });
}

const short = { letter: "L", number: "N", punctuation: "P" };
const lines = [];
let line = "";
for (const { first, last, kind } of ranges) {
  const item = `{0x${first.toString(16)}, 0x${last.toString(16)}, ${short[kind]}}, `;
  if (line.length + item.length > 117) {
    lines.push(`    ${line.trimEnd()}`);
    line = "";
  }
  line += item;
}
lines.push(`    ${line.trimEnd()}`);

writeFileSync(
  new URL("unicode_ranges.h", import.meta.url),
  `#pragma once

// Made by make_unicode_ranges.mjs from Unicode ${process.versions.unicode}. Letters, numbers and punctuation, in order.

#include "model/tokenizer/unicode_class.h"

namespace hone {

struct UnicodeRange {
  uint32_t first, last;
  CharClass kind;
};

namespace unicode_ranges {

inline constexpr CharClass L = CharClass::letter, N = CharClass::number, P = CharClass::punctuation;

inline constexpr UnicodeRange kAll[] = {
${lines.join("\n")}
};

}  // namespace unicode_ranges
}  // namespace hone
`,
);
