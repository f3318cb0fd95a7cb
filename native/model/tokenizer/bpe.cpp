#include "model/tokenizer/bpe.h"

#include "core/error.h"
#include "model/tokenizer/byte_alphabet.h"
#include "model/tokenizer/utf8.h"

#include <algorithm>
#include <queue>

namespace hone {
namespace {

/// Up to this many bytes a scan for the best pair beats a heap.
constexpr size_t kShortPiece = 48;

/// A fragment as characters. Bad bytes become U+FFFD, so `text` can differ from the fragment; `place[i]` is then the
/// byte of the fragment where byte i of `text` stands (empty when nothing differs).
struct Readable {
  std::string changed;
  std::string_view text;
  std::vector<size_t> place;
  Characters characters;

  explicit Readable(std::string_view fragment) : text(fragment) {
    characters.code.reserve(fragment.size());
    characters.kind.reserve(fragment.size());
    characters.offset.reserve(fragment.size() + 1);
    if (!read(fragment)) {
      replace_bad_bytes(fragment);
      read(text);
    }
  }

  size_t original(size_t at) const noexcept { return place.empty() ? at : place[at]; }

 private:
  bool read(std::string_view source) {
    size_t at = 0;
    while (at < source.size()) {
      const auto decoded = utf8::decode(source.substr(at));
      if (decoded.bytes == 0) {
        characters = {};
        return false;
      }
      characters.code.push_back(decoded.code);
      characters.kind.push_back(classify(decoded.code));
      characters.offset.push_back(at);
      at += static_cast<size_t>(decoded.bytes);
    }
    characters.offset.push_back(at);
    return true;
  }

  void replace_bad_bytes(std::string_view fragment) {
    for (size_t at = 0; at < fragment.size();) {
      const auto decoded = utf8::decode(fragment.substr(at));
      const size_t length = decoded.bytes ? static_cast<size_t>(decoded.bytes) : 1;
      utf8::append(changed, decoded.code);
      for (size_t i = 0; place.size() < changed.size(); ++i) place.push_back(at + std::min(i, length));
      at += length;
    }
    place.push_back(fragment.size());
    text = changed;
  }
};

}  // namespace

BpeTokenizer::BpeTokenizer(const Metadata& metadata)
    : Tokenizer(metadata, Vocabulary(metadata, {11, 11, Vocabulary::kNone})) {
  const std::string* name = metadata.find_string("tokenizer.ggml.pre");
  if (!name || name->empty()) {
    vocabulary_.warn("tokenizer.ggml.pre is missing; text is cut into words by a general rule");
  }
  pre_ = find_pre_tokenizer(name && !name->empty() ? *name : "default");
  if (!pre_) {
    throw Error("tokenizer.unsupported", metadata.source() + ": the pre-tokenizer \"" + *name + "\" is not known",
                "A newer Hone may know it.");
  }
  add_bos_ = metadata.boolean("tokenizer.ggml.add_bos_token", pre_->add_bos);
  add_eos_ = metadata.boolean("tokenizer.ggml.add_eos_token", false);
  add_space_ = metadata.boolean("tokenizer.ggml.add_space_prefix", false);
  clean_spaces_ = pre_->clean_spaces;

  bytes_.resize(static_cast<size_t>(size()));
  by_bytes_.reserve(bytes_.size());
  for (int32_t id = 0; id < size(); ++id) {
    std::string& bytes = bytes_[static_cast<size_t>(id)];
    if (byte_alphabet::decode_exactly(vocabulary_.text(id), bytes)) by_bytes_.insert(bytes, id);
  }
  read_merges(metadata);
}

void BpeTokenizer::read_merges(const Metadata& metadata) {
  const auto& merges = metadata.require_strings("tokenizer.ggml.merges");
  if (merges.size() > (size_t{1} << 28)) {
    throw Error("tokenizer.invalid", metadata.source() + ": there are " + std::to_string(merges.size()) + " merges");
  }
  for (int byte = 0; byte < 256; ++byte) {
    byte_symbols_[byte] = symbol(std::string(byte_alphabet::character(static_cast<uint8_t>(byte))));
  }
  merges_.reserve(merges.size());
  for (size_t i = 0; i < merges.size(); ++i) {
    const size_t space = merges[i].find(' ', 1);
    if (merges[i].empty() || space == std::string::npos) {
      throw Error("tokenizer.invalid",
                  metadata.source() + ": merge " + std::to_string(i) + " has no space: \"" + merges[i] + "\"",
                  "The file's tokenizer is damaged. Fetch or convert the model again.");
    }
    const std::string left = merges[i].substr(0, space), right = merges[i].substr(space + 1);
    merges_.insert(symbol(left), symbol(right), {static_cast<int32_t>(i), symbol(left + right)});
  }
}

int32_t BpeTokenizer::symbol(const std::string& text) {
  if (const int32_t id = vocabulary_.find(text); id != Vocabulary::kNone) return id;
  const auto [place, added] = extra_.try_emplace(text, size() + static_cast<int32_t>(extra_texts_.size()));
  if (added) extra_texts_.push_back(text);
  return place->second;
}

const std::string& BpeTokenizer::symbol_text(int32_t id) const {
  return id < size() ? vocabulary_.text(id) : extra_texts_[static_cast<size_t>(id - size())];
}

void BpeTokenizer::encode_fragment(std::string_view fragment, size_t offset, bool, Encoding& out) const {
  const Readable readable(fragment);
  const Characters& characters = readable.characters;
  std::vector<Symbol> symbols;
  each_piece(pre_->expressions, characters, 0, characters.size(), [&](size_t first, size_t last) {
    const size_t begin = characters.offset[first], end = characters.offset[last];
    const std::string_view piece = readable.text.substr(begin, end - begin);
    const auto place = [&](size_t at) { return offset + readable.original(begin + at); };
    if (pre_->ignore_merges) {
      if (const int32_t id = by_bytes_.find(piece); id >= 0) return out.add(id, place(0), place(piece.size()));
    }
    merge(piece, symbols);
    for (size_t i = 0; i < symbols.size(); ++i) {
      const size_t from = place(symbols[i].begin);
      const size_t to = place(i + 1 < symbols.size() ? symbols[i + 1].begin : piece.size());
      if (symbols[i].id < size()) {
        out.add(symbols[i].id, from, to);
        continue;
      }
      // Not a token: every byte of its text that is a token by itself, the others are lost.
      size_t start = from;
      for (const char c : symbol_text(symbols[i].id)) {
        const int32_t id = vocabulary_.find(std::string_view(&c, 1));
        if (id == Vocabulary::kNone) continue;
        out.add(id, start, to);
        start = to;
      }
    }
  });
}

void BpeTokenizer::merge(std::string_view piece, std::vector<Symbol>& symbols) const {
  symbols.clear();
  for (size_t i = 0; i < piece.size(); ++i) {
    symbols.push_back({byte_symbols_[static_cast<uint8_t>(piece[i])], static_cast<uint32_t>(i)});
  }
  if (symbols.size() <= kShortPiece) {
    merge_short(symbols);
  } else {
    merge_long(symbols);
  }
}

void BpeTokenizer::merge_short(std::vector<Symbol>& symbols) const {
  MergeTable::Rule rules[kShortPiece];  // of symbol i with the next one
  size_t count = symbols.size();
  const auto look_up = [&](size_t i) {
    rules[i] = i + 1 < count ? merges_.find(symbols[i].id, symbols[i + 1].id) : MergeTable::Rule{};
  };
  for (size_t i = 0; i < count; ++i) look_up(i);
  while (count > 1) {
    size_t best = 0;
    for (size_t i = 1; i + 1 < count; ++i) {
      if (rules[i].rank < rules[best].rank) best = i;
    }
    if (rules[best].rank == MergeTable::kNever) break;
    symbols[best].id = rules[best].result;
    for (size_t i = best + 1; i + 1 < count; ++i) {
      symbols[i] = symbols[i + 1];
      rules[i] = rules[i + 1];
    }
    --count;
    look_up(best);
    if (best > 0) look_up(best - 1);
  }
  symbols.resize(count);
}

void BpeTokenizer::merge_long(std::vector<Symbol>& symbols) const {
  struct Candidate {
    int32_t rank;
    uint32_t left, right;          ///< places in `symbols`
    int32_t left_id, right_id;     ///< what stood there; anything else now means the candidate is outdated
    int32_t result;
    bool operator>(const Candidate& other) const { return rank != other.rank ? rank > other.rank : left > other.left; }
  };
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto count = static_cast<uint32_t>(symbols.size());
  std::vector<uint32_t> previous(count), next(count);
  for (uint32_t i = 0; i < count; ++i) {
    previous[i] = i - 1;  // wraps for the first, which is never asked
    next[i] = i + 1;
  }
  const auto propose = [&](uint32_t left, uint32_t right) {
    const auto rule = merges_.find(symbols[left].id, symbols[right].id);
    if (rule.rank == MergeTable::kNever) return;
    queue.push({rule.rank, left, right, symbols[left].id, symbols[right].id, rule.result});
  };
  for (uint32_t i = 0; i + 1 < count; ++i) propose(i, i + 1);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    const auto [rank, left, right, left_id, right_id, result] = best;
    if (symbols[left].id != left_id || symbols[right].id != right_id || next[left] != right) continue;
    symbols[left].id = result;
    symbols[right].id = -1;
    next[left] = next[right];
    if (next[left] < count) {
      previous[next[left]] = left;
      propose(left, next[left]);
    }
    if (left > 0) propose(previous[left], left);
  }
  std::erase_if(symbols, [](const Symbol& symbol) { return symbol.id < 0; });
}

std::string BpeTokenizer::plain_piece(std::string_view text) const { return byte_alphabet::decode(text); }

}  // namespace hone
