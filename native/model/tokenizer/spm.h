#pragma once

#include "model/tokenizer/spm_merge.h"
#include "model/tokenizer/tokenizer.h"

namespace hone {

/// SentencePiece BPE ("llama"): the whole fragment is one sequence of characters, and neighbours whose text together
/// is a token are merged, highest score first, leftmost among equals. Spaces are U+2581.
class SpmTokenizer final : public Tokenizer {
 public:
  explicit SpmTokenizer(const Metadata& metadata);

 protected:
  void encode_fragment(std::string_view fragment, size_t offset, bool after_special, Encoding& out) const override;
  std::string plain_piece(std::string_view text) const override;

 private:
  spm::Joints joints_;
  int32_t byte_tokens_[256];  ///< "<0x0A>", the raw byte, or the unknown token; -1 where there is none of them
};

}  // namespace hone
