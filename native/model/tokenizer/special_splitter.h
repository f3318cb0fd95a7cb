#pragma once

#include "model/tokenizer/vocabulary.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hone {

/// A stretch of text: one special token, or raw text where `token` is -1.
struct Fragment {
  int32_t token;
  size_t begin, end;
};

/// Cuts a text at the texts of special tokens. Longer tokens go first, whatever their place in the text; among equal
/// lengths the smaller id. Borrows nothing from the vocabulary.
class SpecialSplitter {
 public:
  explicit SpecialSplitter(const Vocabulary& vocabulary);

  /// After these tokens white space is dropped (a habit of one model family).
  void strip_space_after(const std::vector<int32_t>& tokens);

  /// Fragments in order; raw ones are never empty. Control and unknown tokens only with `parse_special`,
  /// user-defined ones always.
  std::vector<Fragment> split(std::string_view text, bool parse_special) const;

  /// All tokens that take part.
  const std::vector<int32_t>& tokens() const noexcept { return tokens_; }

 private:
  struct Node {
    int32_t token = -1;
    bool always = false;  ///< user-defined
    bool strip = false;
    std::vector<std::pair<uint8_t, int32_t>> children;  ///< sorted by byte
  };
  struct Match {
    int32_t node;
    size_t begin, length;
  };

  int32_t child(int32_t node, uint8_t byte) const noexcept;
  std::vector<Match> find_all(std::string_view text, bool parse_special) const;

  std::vector<Node> nodes_;
  std::vector<int32_t> tokens_;
  bool starts_[256] = {};
};

}  // namespace hone
