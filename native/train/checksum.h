#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace hone {

/// 64 bits over a sequence of bytes, eight at a time. Every step is reversible, so a change within eight neighbouring
/// bytes always shows, and any other goes unnoticed once in 2^64. Against damage, not against malice.
class Checksum {
 public:
  Checksum& add(std::span<const std::byte> bytes) {
    mix(bytes.size());
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) mix(word(bytes.first(8)));
    if (!bytes.empty()) mix(word(bytes));
    return *this;
  }

  Checksum& add(std::string_view text) { return add(std::as_bytes(std::span<const char>(text))); }

  Checksum& add(int64_t value) {
    mix(static_cast<uint64_t>(value));
    return *this;
  }

  uint64_t value() const noexcept { return state_; }

 private:
  static uint64_t word(std::span<const std::byte> bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    return word;
  }

  void mix(uint64_t word) noexcept { state_ = std::rotl((state_ ^ word) * 0x9e3779b97f4a7c15ULL, 29); }

  uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace hone
