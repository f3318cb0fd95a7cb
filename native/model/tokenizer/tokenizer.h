#pragma once

#include "gguf/metadata.h"
#include "model/tokenizer/special_splitter.h"
#include "model/tokenizer/vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

/// Bytes [begin, end) of the text that was encoded.
struct TextRange {
  size_t begin, end;
  bool operator==(const TextRange&) const = default;
};

/// Tokens of a text, each with the bytes it stands for. The ranges never overlap and never go back; tokens that were
/// added (BOS, EOS) and the second half of a split character have empty ones.
struct Encoding {
  std::vector<int32_t> ids;
  std::vector<TextRange> ranges;

  void add(int32_t id, size_t begin, size_t end) {
    ids.push_back(id);
    ranges.push_back({begin, end});
  }
};

/// Text to token ids and back, as the model was trained. Immutable; any number of threads may use it.
class Tokenizer {
 public:
  /// Byte-level BPE ("gpt2") or SentencePiece BPE ("llama"). Throws "tokenizer.unsupported" for other kinds and
  /// unknown pre-tokenizers, "tokenizer.invalid" for a broken vocabulary, "metadata.*" for missing keys.
  static std::unique_ptr<Tokenizer> from_metadata(const Metadata& metadata);

  virtual ~Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  /// `text` is UTF-8; bad bytes are read as U+FFFD by BPE and taken as they are by SentencePiece.
  /// `add_special` adds BOS and EOS where the model wants them. With `parse_special` the texts of control tokens in
  /// `text` become those tokens; user-defined tokens always do.
  std::vector<int32_t> encode(std::string_view text, bool add_special, bool parse_special) const;
  Encoding encode_with_ranges(std::string_view text, bool add_special, bool parse_special) const;

  /// Bytes of one token; may be part of a character. Control tokens are empty unless `show_special`.
  std::string piece(int32_t id, bool show_special) const;

  /// Bytes of a sequence that starts at the beginning of a text: without the space that encoding put in front.
  /// Spaces before punctuation stay as the model wrote them.
  std::string decode(std::span<const int32_t> ids, bool show_special) const;

  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }
  int32_t size() const noexcept { return vocabulary_.size(); }
  /// -1 where the model has none.
  int32_t bos() const noexcept { return vocabulary_.bos(); }
  int32_t eos() const noexcept { return vocabulary_.eos(); }
  int32_t eot() const noexcept { return vocabulary_.eot(); }
  bool ends_generation(int32_t id) const noexcept { return vocabulary_.ends_generation(id); }

  bool adds_bos() const noexcept { return add_bos_; }
  bool adds_eos() const noexcept { return add_eos_; }
  /// True when encoding puts a space in front of a text.
  bool adds_space() const noexcept { return add_space_; }
  /// True for models whose other engines remove spaces before punctuation when they show text. Hone does not.
  bool cleans_spaces_elsewhere() const noexcept { return clean_spaces_; }
  /// Oddities of the file that did not prevent reading it, as sentences.
  const std::vector<std::string>& warnings() const noexcept { return vocabulary_.warnings(); }

 protected:
  Tokenizer(const Metadata& metadata, Vocabulary vocabulary);

  /// Appends the tokens of `fragment`, which holds no special token and starts at byte `offset` of the text.
  /// `after_special`: it is the first fragment or follows a special token.
  virtual void encode_fragment(std::string_view fragment, size_t offset, bool after_special, Encoding& out) const = 0;
  /// Bytes of a normal token's text.
  virtual std::string plain_piece(std::string_view text) const = 0;

  Vocabulary vocabulary_;
  SpecialSplitter splitter_;
  bool add_bos_ = false;
  bool add_eos_ = false;
  bool add_space_ = false;
  bool clean_spaces_ = false;
};

}  // namespace hone
