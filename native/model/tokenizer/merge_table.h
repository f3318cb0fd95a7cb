#pragma once

#include "model/tokenizer/text_table.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace hone {

/// Merge rules of byte-level BPE: which two neighbouring symbols join, how early, and what they become.
class MergeTable {
 public:
  static constexpr int32_t kNever = std::numeric_limits<int32_t>::max();

  struct Rule {
    int32_t rank = kNever;  ///< lower goes first; kNever when the pair does not join
    int32_t result = -1;
  };

  void reserve(size_t count) {
    slots_.assign(std::bit_ceil(count * 2 + 1), Slot{});
    mask_ = slots_.size() - 1;
  }

  /// The first rule of a pair counts. Call `reserve` first.
  void insert(int32_t left, int32_t right, Rule rule) {
    Slot& slot = slots_[place(key_of(left, right))];
    if (slot.rule.rank == kNever) slot = {key_of(left, right), rule};
  }

  Rule find(int32_t left, int32_t right) const noexcept { return slots_[place(key_of(left, right))].rule; }

 private:
  struct Slot {
    uint64_t key = 0;
    Rule rule;
  };

  static uint64_t key_of(int32_t left, int32_t right) noexcept {
    return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
  }
  size_t place(uint64_t key) const noexcept {
    size_t at = mix_words(key, 0) & mask_;
    while (slots_[at].rule.rank != kNever && slots_[at].key != key) at = (at + 1) & mask_;
    return at;
  }

  std::vector<Slot> slots_{Slot{}};
  size_t mask_ = 0;
};

}  // namespace hone
