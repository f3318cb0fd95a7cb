#include "model/tokenizer/byte_alphabet.h"

#include "model/tokenizer/utf8.h"

#include <array>

namespace hone::byte_alphabet {
namespace {

constexpr bool stands_for_itself(uint32_t byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
}

struct Tables {
  std::array<std::string, 256> characters;
  std::array<int, 324> bytes;  ///< by code point; the last moved byte is U+0143

  Tables() {
    bytes.fill(-1);
    uint32_t moved = 256;
    for (uint32_t byte = 0; byte < 256; ++byte) {
      const uint32_t code = stands_for_itself(byte) ? byte : moved++;
      utf8::append(characters[byte], code);
      bytes[code] = static_cast<int>(byte);
    }
  }
};

const Tables& tables() {
  static const Tables all;
  return all;
}

template <class Foreign>
void each_byte(std::string_view text, std::string& bytes, Foreign foreign) {
  while (!text.empty()) {
    const auto decoded = utf8::decode(text);
    const size_t length = decoded.bytes ? static_cast<size_t>(decoded.bytes) : 1;
    const int found = decoded.bytes ? byte(decoded.code) : -1;
    if (found >= 0) {
      bytes += static_cast<char>(found);
    } else {
      foreign(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
}

}  // namespace

std::string_view character(uint8_t byte) noexcept { return tables().characters[byte]; }

int byte(uint32_t code) noexcept { return code < tables().bytes.size() ? tables().bytes[code] : -1; }

std::string encode(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += character(static_cast<uint8_t>(c));
  return text;
}

std::string decode(std::string_view text) {
  std::string bytes;
  each_byte(text, bytes, [&](std::string_view foreign) { bytes += foreign; });
  return bytes;
}

bool decode_exactly(std::string_view text, std::string& bytes) {
  bool exact = true;
  bytes.clear();
  each_byte(text, bytes, [&](std::string_view) { exact = false; });
  return exact;
}

}  // namespace hone::byte_alphabet
