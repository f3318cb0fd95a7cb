#include "model/tokenizer/expressions.h"

#include <algorithm>

namespace hone::expressions {
namespace {

bool is_letter(const Characters& t, size_t i) { return t.kind[i] == CharClass::letter; }
bool is_number(const Characters& t, size_t i) { return t.kind[i] == CharClass::number; }
bool is_space(const Characters& t, size_t i) { return t.kind[i] == CharClass::space; }
bool is_symbol(const Characters& t, size_t i) { return !is_letter(t, i) && !is_number(t, i) && !is_space(t, i); }
bool is_line_break(const Characters& t, size_t i) { return t.code[i] == '\r' || t.code[i] == '\n'; }

/// Where a run of characters that fulfil `test` ends.
template <class Test>
size_t run(const Characters& t, size_t at, size_t end, Test test) {
  while (at < end && test(t, at)) ++at;
  return at;
}

/// End of a contraction ('s, 're, …) or `at`; `any_case` takes capitals too.
size_t contraction(const Characters& t, size_t at, size_t end, bool any_case) {
  if (t.code[at] != '\'' || end - at < 2) return at;
  const auto letter = [&](size_t i) -> uint32_t {
    if (i >= end) return 0;
    const uint32_t code = t.code[i];
    return any_case && code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
  };
  const uint32_t first = letter(at + 1), second = letter(at + 2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
  if (((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l')) return at + 3;
  return at;
}

/// \s+(?!\S)|\s+ : white space before a word leaves its last character to the word.
size_t white_space(const Characters& t, size_t at, size_t end) {
  const size_t stop = run(t, at, end, is_space);
  return stop < end && stop - at > 1 ? stop - 1 : stop;
}

/// \s*[\r\n]+ : up to the last line break of the run, or `at`.
size_t line_breaks(const Characters& t, size_t at, size_t end) {
  size_t stop = run(t, at, end, is_space);
  while (stop > at && !is_line_break(t, stop - 1)) --stop;
  return stop;
}

/// " ?[^\s\p{L}\p{N}]+" and then any of [\r\n] (and / where asked for); `at` when there is none.
size_t symbols(const Characters& t, size_t at, size_t end, bool slash) {
  const size_t begin = t.code[at] == ' ' && at + 1 < end ? at + 1 : at;
  if (!is_symbol(t, begin)) return at;
  const size_t stop = run(t, begin, end, is_symbol);
  return run(t, stop, end, [slash](const Characters& u, size_t i) {
    return is_line_break(u, i) || (slash && u.code[i] == '/');
  });
}

/// Start of the letters after the optional prefix [^\r\n\p{L}\p{N}], or `end` when no letter follows.
size_t word_start(const Characters& t, size_t at, size_t end) {
  if (is_letter(t, at)) return at;
  if (is_number(t, at) || is_line_break(t, at)) return end;
  return at + 1 < end && is_letter(t, at + 1) ? at + 1 : end;
}

size_t numbers(const Characters& t, size_t at, size_t end, size_t most) {
  return run(t, at, std::min(end, at + most), is_number);
}

size_t llama3_with(const Characters& t, size_t at, size_t end, size_t most_digits) {
  if (const size_t stop = contraction(t, at, end, true); stop > at) return stop;
  if (const size_t start = word_start(t, at, end); start < end) return run(t, start, end, is_letter);
  if (is_number(t, at)) return numbers(t, at, end, most_digits);
  if (const size_t stop = symbols(t, at, end, false); stop > at) return stop;
  if (const size_t stop = line_breaks(t, at, end); stop > at) return stop;
  return white_space(t, at, end);
}

bool is_upper_like(const Characters& t, size_t i) { return is_letter(t, i) && !(t.code[i] >= 'a' && t.code[i] <= 'z'); }
bool is_lower_like(const Characters& t, size_t i) { return is_letter(t, i) && !(t.code[i] >= 'A' && t.code[i] <= 'Z'); }

/// Upper* Lower+ with the longest Upper that leaves a Lower, else Upper+. A non-ASCII letter is both, so the greedy
/// first part may have to give characters back.
size_t cased_word(const Characters& t, size_t start, size_t end) {
  const size_t upper_end = run(t, start, end, is_upper_like);
  for (size_t split = upper_end + 1; split-- > start;) {
    if (split < end && is_lower_like(t, split)) return run(t, split, end, is_lower_like);
  }
  return upper_end;
}

size_t tekken_with(const Characters& t, size_t at, size_t end, size_t most_digits, bool contractions) {
  if (const size_t start = word_start(t, at, end); start < end) {
    const size_t stop = cased_word(t, start, end);
    return contractions && stop < end ? contraction(t, stop, end, true) : stop;
  }
  if (is_number(t, at)) return numbers(t, at, end, most_digits);
  if (const size_t stop = symbols(t, at, end, true); stop > at) return stop;
  if (const size_t stop = line_breaks(t, at, end); stop > at) return stop;
  return white_space(t, at, end);
}

bool is_listed_symbol(uint32_t code) {
  return code == '$' || code == '+' || code == '<' || code == '=' || code == '>' || code == '^' || code == '~' ||
         code == '|';
}

}  // namespace

size_t gpt2(const Characters& t, size_t at, size_t end) {
  if (const size_t stop = contraction(t, at, end, false); stop > at) return stop;
  const size_t begin = t.code[at] == ' ' && at + 1 < end ? at + 1 : at;
  if (is_letter(t, begin)) return run(t, begin, end, is_letter);
  if (is_number(t, begin)) return run(t, begin, end, is_number);
  if (is_symbol(t, begin)) return run(t, begin, end, is_symbol);
  return white_space(t, at, end);
}

size_t llama3(const Characters& t, size_t at, size_t end) { return llama3_with(t, at, end, 3); }
size_t qwen2(const Characters& t, size_t at, size_t end) { return llama3_with(t, at, end, 1); }
size_t tekken(const Characters& t, size_t at, size_t end) { return tekken_with(t, at, end, 1, false); }
size_t gpt4o(const Characters& t, size_t at, size_t end) { return tekken_with(t, at, end, 3, true); }

size_t digit(const Characters& t, size_t at, size_t end) { return numbers(t, at, end, 1); }
size_t digits(const Characters& t, size_t at, size_t end) { return run(t, at, end, is_number); }

size_t three_digits(const Characters& t, size_t at, size_t end) {
  const auto ascii_digit = [](const Characters& u, size_t i) { return u.code[i] >= '0' && u.code[i] <= '9'; };
  const size_t stop = run(t, at, std::min(end, at + 3), ascii_digit);
  return stop - at == 3 ? stop : at;
}

size_t punctuation(const Characters& t, size_t at, size_t end) {
  return run(t, at, end, [](const Characters& u, size_t i) {
    return u.kind[i] == CharClass::punctuation || is_listed_symbol(u.code[i]);
  });
}

size_t punctuation_and_backtick(const Characters& t, size_t at, size_t end) {
  return run(t, at, end, [](const Characters& u, size_t i) {
    return u.kind[i] == CharClass::punctuation || is_listed_symbol(u.code[i]) || u.code[i] == '`';
  });
}

}  // namespace hone::expressions
