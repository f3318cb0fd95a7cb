#include "model/tokenizer/spm.h"

namespace hone {
namespace {

constexpr std::string_view kSpace = "\xe2\x96\x81";  // U+2581

std::string with_visible_spaces(std::string_view fragment, bool space_first) {
  std::string text;
  text.reserve(fragment.size() + fragment.size() / 2 + kSpace.size());
  if (space_first) text += kSpace;
  for (const char c : fragment) {
    if (c == ' ') {
      text += kSpace;
    } else {
      text += c;
    }
  }
  return text;
}

/// Follows the fragment while its visible form is consumed: where the original stands after `visible` bytes of it.
/// A space counts as consumed with the first byte of its visible form.
class Follower {
 public:
  Follower(std::string_view fragment, bool space_first)
      : fragment_(fragment), reached_(space_first ? kSpace.size() : 0) {}

  size_t original(size_t visible) {
    while (reached_ < visible) reached_ += fragment_[at_++] == ' ' ? kSpace.size() : 1;
    return at_;
  }

 private:
  std::string_view fragment_;
  size_t reached_;
  size_t at_ = 0;
};

}  // namespace

SpmTokenizer::SpmTokenizer(const Metadata& metadata)
    : Tokenizer(metadata, Vocabulary(metadata, {1, 2, 0})), joints_(vocabulary_) {
  add_bos_ = metadata.boolean("tokenizer.ggml.add_bos_token", true);
  add_eos_ = metadata.boolean("tokenizer.ggml.add_eos_token", false);
  add_space_ = metadata.boolean("tokenizer.ggml.add_space_prefix", true);
  for (int byte = 0; byte < 256; ++byte) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    const char name[] = {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
    const char raw = static_cast<char>(byte);
    int32_t id = vocabulary_.find(std::string_view(name, sizeof name));
    if (id == Vocabulary::kNone) id = vocabulary_.find(std::string_view(&raw, 1));
    byte_tokens_[byte] = id != Vocabulary::kNone ? id : vocabulary_.unknown();
  }
}

void SpmTokenizer::encode_fragment(std::string_view fragment, size_t offset, bool after_special, Encoding& out) const {
  const bool space_first = add_space_ && after_special;
  const std::string visible = with_visible_spaces(fragment, space_first);
  const std::string_view text = visible;

  Follower follower(fragment, space_first);
  size_t from = offset;
  const auto emit = [&](int32_t id, size_t visible_end) {
    const size_t to = offset + follower.original(visible_end);
    if (id >= 0) out.add(id, from, to);
    from = to;
  };
  std::vector<spm::Symbol> symbols;
  const auto finish_part = [&] {
    spm::merge(vocabulary_, text, symbols);
    for (const spm::Symbol& symbol : symbols) {
      const std::string_view part = text.substr(symbol.begin, symbol.bytes);
      if (const int32_t id = vocabulary_.find(part); id != Vocabulary::kNone) {
        emit(id, symbol.begin + symbol.bytes);
        continue;
      }
      for (size_t i = 0; i < part.size(); ++i) emit(byte_tokens_[static_cast<uint8_t>(part[i])], symbol.begin + i + 1);
    }
    symbols.clear();
  };

  std::string_view before;
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, spm::character_bytes(text[at], text.size() - at));
    if (!symbols.empty() && !joints_.contains(before, character)) finish_part();
    symbols.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(character.size())});
    before = character;
    at += character.size();
  }
  finish_part();
}

std::string SpmTokenizer::plain_piece(std::string_view text) const {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(kSpace)) {
      out += ' ';
      at += kSpace.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace hone
