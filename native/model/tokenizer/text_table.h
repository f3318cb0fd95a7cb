#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace hone {

/// Mixes two words well enough for a table whose size is a power of two.
inline uint64_t mix_words(uint64_t a, uint64_t b) noexcept {
  using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd1b54a32d192ed03ULL);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hash_text(std::string_view text) noexcept {
  uint64_t hash = text.size();
  const char* at = text.data();
  size_t left = text.size();
  for (; left > 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    hash = mix_words(hash, word);
  }
  uint64_t word = 0;
  if (left) std::memcpy(&word, at, left);
  return mix_words(hash, word);
}

/// Texts to ids, by open addressing. Tokenizing asks this for every pair of neighbours, most of which are absent,
/// so a miss must cost one cache line. The texts are borrowed and must outlive the table.
class TextTable {
 public:
  static constexpr int32_t kAbsent = -1;

  /// Room for `count` texts.
  void reserve(size_t count) {
    slots_.assign(std::bit_ceil(count * 2 + 1), Slot{});
    mask_ = slots_.size() - 1;
  }

  /// False, and nothing changed, when the text is there already. Call `reserve` first.
  bool insert(std::string_view text, int32_t id) {
    const uint64_t hash = hash_text(text);
    Slot& slot = slots_[place(text, hash)];
    if (slot.id != kAbsent) return false;
    slot = {static_cast<uint32_t>(hash >> 32), id, text};
    return true;
  }

  int32_t find(std::string_view text) const noexcept {
    return slots_.empty() ? kAbsent : slots_[place(text, hash_text(text))].id;
  }

 private:
  struct Slot {
    uint32_t check = 0;
    int32_t id = kAbsent;
    std::string_view text;
  };

  /// The slot that holds `text`, or the empty one where it belongs.
  size_t place(std::string_view text, uint64_t hash) const noexcept {
    const auto check = static_cast<uint32_t>(hash >> 32);
    size_t at = hash & mask_;
    while (slots_[at].id != kAbsent && (slots_[at].check != check || slots_[at].text != text)) at = (at + 1) & mask_;
    return at;
  }

  std::vector<Slot> slots_;
  size_t mask_ = 0;
};

}  // namespace hone
