#include "model/tokenizer/spm.h"

#include <algorithm>
#include <queue>

namespace hone {
namespace {

constexpr std::string_view kSpace = "\xe2\x96\x81";  // U+2581

/// Length of a character by its lead byte; a byte that leads nothing is a character by itself.
size_t character_bytes(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  if (byte >> 5 == 6) return 2;
  if (byte >> 4 == 14) return 3;
  if (byte >> 3 == 30) return 4;
  return 1;
}

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
  Follower(std::string_view fragment, bool space_first) : fragment_(fragment), reached_(space_first ? kSpace.size() : 0) {}

  size_t original(size_t visible) {
    while (reached_ < visible) reached_ += fragment_[at_++] == ' ' ? kSpace.size() : 1;
    return at_;
  }

 private:
  std::string_view fragment_;
  size_t reached_;
  size_t at_ = 0;
};

struct Symbol {
  uint32_t begin, bytes;  ///< of the text; 0 bytes: merged into the one before
  uint32_t previous, next;
};

struct Candidate {
  float score;
  uint32_t left, right;
  uint32_t bytes;  ///< of both; a different sum now means the candidate is outdated

  bool operator<(const Candidate& other) const { return score != other.score ? score < other.score : left > other.left; }
};

std::vector<Symbol> characters_of(std::string_view text) {
  std::vector<Symbol> symbols;
  symbols.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = std::min(character_bytes(text[at]), text.size() - at);
    const auto index = static_cast<uint32_t>(symbols.size());
    symbols.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(bytes), index - 1, index + 1});
    at += bytes;
  }
  return symbols;
}

void merge(const Vocabulary& vocabulary, std::string_view text, std::vector<Symbol>& symbols) {
  const auto count = static_cast<uint32_t>(symbols.size());
  std::vector<Candidate> waiting;
  waiting.reserve(symbols.size());
  const auto find = [&](uint32_t left, uint32_t right, Candidate& out) {
    const uint32_t bytes = symbols[left].bytes + symbols[right].bytes;
    if (bytes > vocabulary.longest_text()) return false;
    const int32_t id = vocabulary.find(text.substr(symbols[left].begin, bytes));
    if (id == Vocabulary::kNone) return false;
    out = {vocabulary.score(id), left, right, bytes};
    return true;
  };
  Candidate candidate{};
  for (uint32_t i = 0; i + 1 < count; ++i) {
    if (find(i, i + 1, candidate)) waiting.push_back(candidate);
  }
  std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(waiting));
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbols[best.left];
    Symbol& right = symbols[best.right];
    if (left.bytes == 0 || right.bytes == 0 || left.bytes + right.bytes != best.bytes || left.next != best.right) continue;
    left.bytes = best.bytes;
    right.bytes = 0;
    left.next = right.next;
    if (left.next < count) {
      symbols[left.next].previous = best.left;
      if (find(best.left, left.next, candidate)) queue.push(candidate);
    }
    if (best.left > 0 && find(left.previous, best.left, candidate)) queue.push(candidate);
  }
}

}  // namespace

SpmTokenizer::SpmTokenizer(const Metadata& metadata) : Tokenizer(metadata, Vocabulary(metadata, {1, 2, 0})) {
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
  const std::string text = with_visible_spaces(fragment, space_first);
  std::vector<Symbol> symbols = characters_of(text);
  merge(vocabulary_, text, symbols);

  Follower follower(fragment, space_first);
  size_t from = offset;
  const auto emit = [&](int32_t id, size_t visible_end) {
    const size_t to = offset + follower.original(visible_end);
    if (id >= 0) out.add(id, from, to);
    from = to;
  };
  for (const Symbol& symbol : symbols) {
    if (symbol.bytes == 0) continue;
    const std::string_view part = std::string_view(text).substr(symbol.begin, symbol.bytes);
    if (const int32_t id = vocabulary_.find(part); id != Vocabulary::kNone) {
      emit(id, symbol.begin + symbol.bytes);
      continue;
    }
    for (size_t i = 0; i < part.size(); ++i) emit(byte_tokens_[static_cast<uint8_t>(part[i])], symbol.begin + i + 1);
  }
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
