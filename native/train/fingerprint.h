#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace hone {

/// 64-bit FNV-1a over a sequence of values, to tell whether two runs are about the same thing. Not cryptographic.
class Fingerprint {
 public:
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  Fingerprint& add(T value) {
    uint64_t bits = 0;
    if constexpr (std::is_same_v<T, float>) bits = std::bit_cast<uint32_t>(value);
    else if constexpr (std::is_same_v<T, double>) bits = std::bit_cast<uint64_t>(value);
    else bits = static_cast<uint64_t>(value);
    for (int i = 0; i < 8; ++i) byte(static_cast<uint8_t>(bits >> (8 * i)));
    return *this;
  }

  Fingerprint& add(const std::string& text) {
    add(text.size());
    for (const char c : text) byte(static_cast<uint8_t>(c));
    return *this;
  }

  template <class T>
  Fingerprint& add(std::span<const T> values) {
    add(values.size());
    for (const T value : values) add(value);
    return *this;
  }

  /// 16 hexadecimal digits.
  std::string text() const {
    std::string result;
    for (int shift = 60; shift >= 0; shift -= 4) result += "0123456789abcdef"[(state_ >> shift) & 15];
    return result;
  }

 private:
  void byte(uint8_t value) { state_ = (state_ ^ value) * 0x100000001b3ULL; }

  uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace hone
