#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hone::byte_alphabet {

/// Byte-level BPE writes every byte as one printable character: 33-126, 161-172 and 174-255 as themselves, the
/// other 68 in order as U+0100, U+0101, … (a space is "Ġ", a line feed "Ċ").

/// The character of a byte, as UTF-8.
std::string_view character(uint8_t byte) noexcept;

/// The byte of a code point, or -1 for one outside the alphabet.
int byte(uint32_t code) noexcept;

std::string encode(std::string_view bytes);

/// Characters outside the alphabet stay as they are.
std::string decode(std::string_view text);

/// As `decode`; false when a character is outside the alphabet or the text is not UTF-8.
bool decode_exactly(std::string_view text, std::string& bytes);

}  // namespace hone::byte_alphabet
