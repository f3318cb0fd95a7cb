#pragma once

#include "gguf/metadata.h"
#include "model/tokenizer/text_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

enum class TokenType : uint8_t { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

/// The tokens of a model: texts, types, scores and the ids with a meaning.
class Vocabulary {
 public:
  static constexpr int32_t kNone = -1;

  /// `default_bos` … are the ids of the tokenizer's kind where the file names none. Throws "tokenizer.invalid" for
  /// repeated texts or arrays of the wrong length.
  struct Defaults {
    int32_t bos, eos, unknown;
  };
  Vocabulary(const Metadata& metadata, Defaults defaults);
  Vocabulary(Vocabulary&&) = default;  // the table borrows the texts, so there is no copy
  Vocabulary& operator=(Vocabulary&&) = default;

  int32_t size() const noexcept { return static_cast<int32_t>(texts_.size()); }
  bool contains(int32_t id) const noexcept { return id >= 0 && id < size(); }

  /// As stored: in the byte alphabet for byte-level BPE, with U+2581 for spaces in SentencePiece. `id` is in range.
  const std::string& text(int32_t id) const { return texts_.at(static_cast<size_t>(id)); }
  TokenType type(int32_t id) const { return types_.at(static_cast<size_t>(id)); }
  /// 0 where the file has no scores.
  float score(int32_t id) const noexcept { return scores_.empty() ? 0.0f : scores_[static_cast<size_t>(id)]; }

  /// Token with this stored text, or kNone.
  int32_t find(std::string_view text) const noexcept { return by_text_.find(text); }
  size_t longest_text() const noexcept { return longest_text_; }

  int32_t bos() const noexcept { return bos_; }
  int32_t eos() const noexcept { return eos_; }
  int32_t eot() const noexcept { return eot_; }
  int32_t unknown() const noexcept { return unknown_; }
  int32_t padding() const noexcept { return padding_; }

  bool ends_generation(int32_t id) const noexcept { return contains(id) && ends_[static_cast<size_t>(id)]; }
  /// All tokens that end an answer, ascending.
  std::vector<int32_t> end_of_generation() const;

  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  void warn(std::string text) { warnings_.push_back(std::move(text)); }

 private:
  void read_types(const Metadata& metadata);
  void read_scores(const Metadata& metadata);
  int32_t special_id(const Metadata& metadata, std::string_view name, int32_t fallback);
  void find_ends(const Metadata& metadata);

  std::vector<std::string> texts_;
  std::vector<TokenType> types_;
  std::vector<float> scores_;
  TextTable by_text_;
  size_t longest_text_ = 0;
  std::vector<bool> ends_;
  int32_t bos_ = kNone, eos_ = kNone, eot_ = kNone, unknown_ = kNone, padding_ = kNone;
  std::vector<std::string> warnings_;
};

}  // namespace hone
