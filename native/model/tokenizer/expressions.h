#pragma once

#include "model/tokenizer/unicode_class.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone {

/// A text as code points with their classes; `offset[i]` is the byte where character i begins, one more at the end.
struct Characters {
  std::vector<uint32_t> code;
  std::vector<CharClass> kind;
  std::vector<size_t> offset;

  size_t size() const noexcept { return code.size(); }
};

/// The regular expressions of pre-tokenizers, by hand. Each looks at characters [at, end) only (look-ahead included)
/// and returns where a match that begins at `at` ends, or `at` when there is none. `at < end`.
namespace expressions {

using Expression = size_t (*)(const Characters& text, size_t at, size_t end);

/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
size_t gpt2(const Characters& text, size_t at, size_t end);

/// (?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
size_t llama3(const Characters& text, size_t at, size_t end);

/// `llama3` with \p{N} in place of \p{N}{1,3}
size_t qwen2(const Characters& text, size_t at, size_t end);

/// Words that break where lower case is followed by upper case; single numbers; / joins a run of symbols like a
/// line break does. Non-ASCII letters count as both cases.
size_t tekken(const Characters& text, size_t at, size_t end);

/// `tekken` with the contractions of `llama3` at the end of words and \p{N}{1,3}
size_t gpt4o(const Characters& text, size_t at, size_t end);

/// \p{N}
size_t digit(const Characters& text, size_t at, size_t end);
/// \p{N}+
size_t digits(const Characters& text, size_t at, size_t end);
/// [0-9][0-9][0-9]
size_t three_digits(const Characters& text, size_t at, size_t end);
/// [\p{P}\$\+<=>\^~\|]+
size_t punctuation(const Characters& text, size_t at, size_t end);
/// [\p{P}\$\+<=>\^~\|`]+
size_t punctuation_and_backtick(const Characters& text, size_t at, size_t end);

}  // namespace expressions
}  // namespace hone
