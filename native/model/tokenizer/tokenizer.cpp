#include "model/tokenizer/tokenizer.h"

#include "core/error.h"
#include "model/tokenizer/bpe.h"
#include "model/tokenizer/spm.h"

#include <algorithm>

namespace hone {
namespace {

/// One family was trained with white space stripped after most special tokens, which only its name tells.
bool strips_after_special(const Metadata& metadata) {
  std::string name = metadata.string("general.name", "");
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return name.find("phi3") != std::string::npos || name.find("phi-3") != std::string::npos;
}

/// The number in "<0x0A>", or -1.
int byte_of(std::string_view text) {
  if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>') return -1;
  int value = 0;
  for (const char c : text.substr(3, 2)) {
    constexpr std::string_view kDigits = "0123456789ABCDEFabcdef";
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return -1;
    value = value * 16 + static_cast<int>(digit < 16 ? digit : digit - 6);
  }
  return value;
}

}  // namespace

std::unique_ptr<Tokenizer> Tokenizer::from_metadata(const Metadata& metadata) {
  const std::string& model = metadata.require_string("tokenizer.ggml.model");
  if (model == "gpt2") return std::make_unique<BpeTokenizer>(metadata);
  if (model == "llama") return std::make_unique<SpmTokenizer>(metadata);
  throw Error("tokenizer.unsupported", metadata.source() + ": the tokenizer is of the kind \"" + model + "\"",
              "Hone runs models with byte-level BPE (gpt2) or SentencePiece BPE (llama) tokenizers.");
}

Tokenizer::Tokenizer(const Metadata& metadata, Vocabulary vocabulary)
    : vocabulary_(std::move(vocabulary)), splitter_(vocabulary_) {
  if (strips_after_special(metadata)) {
    std::vector<int32_t> stripping = splitter_.tokens();
    std::erase_if(stripping, [&](int32_t id) {
      const std::string& text = vocabulary_.text(id);
      return text == "<unk>" || text == "<s>" || text == "<|endoftext|>";
    });
    splitter_.strip_space_after(stripping);
  }
}

Encoding Tokenizer::encode_with_ranges(std::string_view text, bool add_special, bool parse_special) const {
  Encoding out;
  if (add_special && add_bos_ && bos() >= 0) out.add(bos(), 0, 0);
  bool after_special = true;
  for (const Fragment& fragment : splitter_.split(text, parse_special)) {
    if (fragment.token >= 0) {
      out.add(fragment.token, fragment.begin, fragment.end);
    } else {
      encode_fragment(text.substr(fragment.begin, fragment.end - fragment.begin), fragment.begin, after_special, out);
    }
    after_special = fragment.token >= 0;
  }
  if (add_special && add_eos_ && eos() >= 0) out.add(eos(), text.size(), text.size());
  return out;
}

std::vector<int32_t> Tokenizer::encode(std::string_view text, bool add_special, bool parse_special) const {
  return std::move(encode_with_ranges(text, add_special, parse_special).ids);
}

std::string Tokenizer::piece(int32_t id, bool show_special) const {
  if (!vocabulary_.contains(id)) {
    throw Error("tokenizer.id", "the token id " + std::to_string(id) + " is not below the vocabulary size " +
                                    std::to_string(size()));
  }
  const std::string& text = vocabulary_.text(id);
  switch (vocabulary_.type(id)) {
    case TokenType::control:
    case TokenType::unknown: return show_special ? text : std::string();
    case TokenType::user_defined: return text;
    case TokenType::unused: return {};
    case TokenType::byte: {
      const int byte = byte_of(text);
      return byte >= 0 ? std::string(1, static_cast<char>(byte)) : plain_piece(text);
    }
    case TokenType::normal: break;
  }
  return plain_piece(text);
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool show_special) const {
  std::string out;
  for (size_t i = 0; i < ids.size(); ++i) {
    std::string bytes = piece(ids[i], show_special);
    if (i == 0 && add_space_ && bytes.starts_with(' ')) bytes.erase(0, 1);
    out += bytes;
  }
  return out;
}

}  // namespace hone
