#pragma once

#include <cstdint>

namespace hone {

/// What the expressions of pre-tokenizers ask about a character. Marks, symbols and unassigned code points are other.
enum class CharClass : uint8_t { other, letter, number, punctuation, space };

/// Class of any code point; beyond Unicode it is other. \s is Unicode white space, no-break spaces included.
CharClass classify(uint32_t code) noexcept;

}  // namespace hone
