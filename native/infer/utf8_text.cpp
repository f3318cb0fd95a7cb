#include "infer/utf8_text.h"

#include <cstddef>
#include <cstdint>

namespace hone {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Step {
  size_t length;                            ///< bytes looked at
  enum { complete, partial, broken } kind;  ///< broken: `length` bytes that become one U+FFFD
};

/// The character that begins at text[0], after table 3-7 of the Unicode standard (no overlong forms, no surrogates).
Step next_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {1, Step::complete};
  if (lead < 0xC2 || lead > 0xF4) return {1, Step::broken};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {i, Step::partial};
    uint8_t low = 0x80, high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (byte(i) < low || byte(i) > high) return {i, Step::broken};
  }
  return {length, Step::complete};
}

}  // namespace

std::string Utf8Text::add(std::string_view bytes) {
  held_.append(bytes);
  std::string text;
  size_t at = 0;
  while (at < held_.size()) {
    const Step step = next_character(std::string_view(held_).substr(at));
    if (step.kind == Step::partial) break;
    if (step.kind == Step::complete) {
      text.append(held_, at, step.length);
    } else {
      text += kReplacement;
    }
    at += step.length;
  }
  held_.erase(0, at);
  return text;
}

std::string Utf8Text::finish() {
  const bool incomplete = !held_.empty();
  held_.clear();
  return incomplete ? std::string(kReplacement) : std::string();
}

}  // namespace hone
