#pragma once

#include "model/tokenizer/vocabulary.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hone::spm {

/// Length of a character by its lead byte; a byte that leads nothing is a character by itself. At most `left`.
size_t character_bytes(char lead, size_t left) noexcept;

/// A stretch of the text; at first one character each.
struct Symbol {
  uint32_t begin, bytes;
};

/// Merges neighbours whose text together is a token, highest score first, leftmost among equals, until none is left.
/// O(n log n).
void merge(const Vocabulary& vocabulary, std::string_view text, std::vector<Symbol>& symbols);

/// The pairs of neighbouring characters that occur inside tokens. Merging never crosses any other pair, so a text may
/// be cut there and its parts merged alone, with the same result: in practice a cut before almost every word.
class Joints {
 public:
  explicit Joints(const Vocabulary& vocabulary);

  /// `left` and `right` are whole characters of at most four bytes. May say yes for a pair that occurs in no token,
  /// which costs a cut and changes nothing.
  bool contains(std::string_view left, std::string_view right) const noexcept {
    const uint64_t key = key_of(left, right);
    if (key == kEmpty) return true;
    for (size_t at = mix_words(key, 0) & mask_;; at = (at + 1) & mask_) {
      if (slots_[at] == key) return true;
      if (slots_[at] == kEmpty) return false;
    }
  }

 private:
  static constexpr uint64_t kEmpty = 0;  ///< also the key of two zero bytes, which are never cut

  static uint64_t key_of(std::string_view left, std::string_view right) noexcept;
  void insert(uint64_t key);
  void grow();

  std::vector<uint64_t> slots_;
  size_t mask_ = 0;
  size_t count_ = 0;
};

}  // namespace hone::spm
