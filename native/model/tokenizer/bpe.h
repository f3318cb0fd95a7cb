#pragma once

#include "model/tokenizer/merge_table.h"
#include "model/tokenizer/pre_tokenizer.h"
#include "model/tokenizer/tokenizer.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace hone {

/// Byte-level BPE ("gpt2"): text is cut into pieces by the expressions of its family, and the bytes of each piece
/// are merged, lowest rank first, leftmost among equals.
class BpeTokenizer final : public Tokenizer {
 public:
  explicit BpeTokenizer(const Metadata& metadata);

 protected:
  void encode_fragment(std::string_view fragment, size_t offset, bool after_special, Encoding& out) const override;
  std::string plain_piece(std::string_view text) const override;

 private:
  /// One symbol of a piece while it is merged: a token id, or beyond the vocabulary a text that only occurs in merges.
  struct Symbol {
    int32_t id;
    uint32_t begin;  ///< first byte in the piece
  };

  void read_merges(const Metadata& metadata);
  int32_t symbol(const std::string& text);
  const std::string& symbol_text(int32_t id) const;

  void merge(std::string_view piece, std::vector<Symbol>& symbols) const;
  void merge_short(std::vector<Symbol>& symbols) const;
  void merge_long(std::vector<Symbol>& symbols) const;

  const PreTokenizer* pre_ = nullptr;
  MergeTable merges_;
  int32_t byte_symbols_[256] = {};
  std::vector<std::string> extra_texts_;  ///< of symbols beyond the vocabulary
  std::unordered_map<std::string, int32_t> extra_;
  std::vector<std::string> bytes_;  ///< of each token, where its text is in the byte alphabet
  TextTable by_bytes_;
};

}  // namespace hone
