#pragma once

#include "core/error.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

static_assert(std::endian::native == std::endian::little, "GGUF is read without swapping bytes");

namespace hone {

/// Walks forward over the bytes of a file. No read goes beyond the end: it throws "gguf.truncated" instead,
/// saying what was being read. Comparisons are with what is left, so no sum can wrap.
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, std::string source) : bytes_(bytes), source_(std::move(source)) {}

  uint64_t position() const noexcept { return at_; }
  uint64_t left() const noexcept { return bytes_.size() - at_; }
  const std::string& source() const noexcept { return source_; }

  template <class T>
  T take(std::string_view what) {
    need(sizeof(T), what);
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  /// `count` packed elements; the caller has bounded `count * sizeof(T)` by `left()`.
  template <class T>
  void take_many(T* out, uint64_t count, std::string_view what) {
    need(count * sizeof(T), what);
    if (count) std::memcpy(out, bytes_.data() + at_, count * sizeof(T));
    at_ += count * sizeof(T);
  }

  /// u64 length and that many bytes, at most `limit`; a longer one is "gguf.string".
  std::string_view take_string(uint64_t limit, std::string_view what) {
    const auto length = take<uint64_t>(what);
    if (length > limit) {
      fail("gguf.string", std::string(what) + " is " + std::to_string(length) + " bytes long, the limit is " +
                              std::to_string(limit));
    }
    need(length, what);
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data() + at_), length);
    at_ += length;
    return text;
  }

  [[noreturn]] void fail(const char* code, const std::string& message) const {
    throw Error(code, source_ + ": " + message, "The file is damaged or not a GGUF model. Fetch or convert it again.");
  }

 private:
  void need(uint64_t size, std::string_view what) const {
    if (size <= left()) return;
    throw Error("gguf.truncated",
                source_ + ": " + std::string(what) + " at byte " + std::to_string(at_) + " needs " +
                    std::to_string(size) + " bytes but the file has " + std::to_string(left()) + " left",
                "The download looks incomplete; fetch the file again.");
  }

  std::span<const std::byte> bytes_;
  std::string source_;
  uint64_t at_ = 0;
};

}  // namespace hone
