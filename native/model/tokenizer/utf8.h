#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::utf8 {

inline constexpr uint32_t kReplacement = 0xfffd;

struct Decoded {
  uint32_t code;
  int bytes;  ///< 0 when the bytes at this place are not UTF-8
};

/// The character at the start of `text`, which is not empty. Overlong forms, surrogates and code points beyond
/// Unicode are not UTF-8.
Decoded decode(std::string_view text) noexcept;

void append(std::string& out, uint32_t code);

/// True when `text` ends inside a character that more bytes could complete; `begin` is then where it starts.
bool ends_incomplete(std::string_view text, size_t& begin) noexcept;

/// `text` with every bad byte replaced by U+FFFD.
std::string replace_invalid(std::string_view text);

}  // namespace hone::utf8
