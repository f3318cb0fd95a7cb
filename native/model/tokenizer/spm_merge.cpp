#include "model/tokenizer/spm_merge.h"

#include <algorithm>
#include <limits>
#include <queue>

namespace hone::spm {
namespace {

/// Up to this many characters a scan for the best pair beats a heap.
constexpr size_t kShort = 32;
constexpr float kNever = -std::numeric_limits<float>::infinity();

/// The token that both symbols make together.
struct Lookup {
  const Vocabulary& vocabulary;
  std::string_view text;

  int32_t operator()(Symbol left, Symbol right) const {
    const uint32_t bytes = left.bytes + right.bytes;
    return bytes > vocabulary.longest_text() ? Vocabulary::kNone : vocabulary.find(text.substr(left.begin, bytes));
  }
};

void merge_short(const Lookup& look_up, std::vector<Symbol>& symbols) {
  struct Pair {
    bool joins;
    float score;
  };
  Pair pairs[kShort];  // of symbol i with the next one
  size_t count = symbols.size();
  const auto refresh = [&](size_t i) {
    const int32_t id = i + 1 < count ? look_up(symbols[i], symbols[i + 1]) : Vocabulary::kNone;
    pairs[i] = {id != Vocabulary::kNone, id != Vocabulary::kNone ? look_up.vocabulary.score(id) : kNever};
  };
  for (size_t i = 0; i < count; ++i) refresh(i);
  for (;;) {
    size_t best = count;
    for (size_t i = 0; i + 1 < count; ++i) {
      if (pairs[i].joins && (best == count || pairs[i].score > pairs[best].score)) best = i;
    }
    if (best == count) break;
    symbols[best].bytes += symbols[best + 1].bytes;
    std::copy(symbols.begin() + static_cast<ptrdiff_t>(best) + 2, symbols.begin() + static_cast<ptrdiff_t>(count),
              symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
    std::copy(pairs + best + 2, pairs + count, pairs + best + 1);
    --count;
    refresh(best);
    if (best > 0) refresh(best - 1);
  }
  symbols.resize(count);
}

struct Candidate {
  float score;
  uint32_t left, right;
  uint32_t bytes;  ///< of both; a different sum now means the candidate is outdated

  bool operator<(const Candidate& other) const {
    return score != other.score ? score < other.score : left > other.left;
  }
};

void merge_long(const Lookup& look_up, std::vector<Symbol>& symbols) {
  const auto count = static_cast<uint32_t>(symbols.size());
  std::vector<uint32_t> previous(count), next(count);
  for (uint32_t i = 0; i < count; ++i) {
    previous[i] = i - 1;  // wraps for the first, which is never asked
    next[i] = i + 1;
  }
  std::priority_queue<Candidate> queue;
  const auto propose = [&](uint32_t left, uint32_t right) {
    const int32_t id = look_up(symbols[left], symbols[right]);
    if (id == Vocabulary::kNone) return;
    queue.push({look_up.vocabulary.score(id), left, right, symbols[left].bytes + symbols[right].bytes});
  };
  for (uint32_t i = 0; i + 1 < count; ++i) propose(i, i + 1);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbols[best.left];
    Symbol& right = symbols[best.right];
    const bool merged = left.bytes == 0 || right.bytes == 0 || next[best.left] != best.right;
    if (merged || left.bytes + right.bytes != best.bytes) continue;
    left.bytes = best.bytes;
    right.bytes = 0;
    next[best.left] = next[best.right];
    if (next[best.left] < count) {
      previous[next[best.left]] = best.left;
      propose(best.left, next[best.left]);
    }
    if (best.left > 0) propose(previous[best.left], best.left);
  }
  std::erase_if(symbols, [](Symbol symbol) { return symbol.bytes == 0; });
}

}  // namespace

size_t character_bytes(char lead, size_t left) noexcept {
  const auto byte = static_cast<uint8_t>(lead);
  const size_t announced = byte >> 5 == 6 ? 2 : byte >> 4 == 14 ? 3 : byte >> 3 == 30 ? 4 : 1;
  return std::min(announced, left);
}

void merge(const Vocabulary& vocabulary, std::string_view text, std::vector<Symbol>& symbols) {
  const Lookup look_up{vocabulary, text};
  if (symbols.size() <= kShort) {
    merge_short(look_up, symbols);
  } else {
    merge_long(look_up, symbols);
  }
}

Joints::Joints(const Vocabulary& vocabulary) : slots_(1024, kEmpty), mask_(1023) {
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string_view text = vocabulary.text(id);
    std::string_view left;
    for (size_t at = 0; at < text.size();) {
      const std::string_view right = text.substr(at, character_bytes(text[at], text.size() - at));
      if (!left.empty()) insert(key_of(left, right));
      left = right;
      at += right.size();
    }
  }
}

uint64_t Joints::key_of(std::string_view left, std::string_view right) noexcept {
  const auto packed = [](std::string_view character) {
    uint32_t value = 0;
    std::memcpy(&value, character.data(), character.size());
    return value;
  };
  return static_cast<uint64_t>(packed(left)) << 32 | packed(right);
}

void Joints::insert(uint64_t key) {
  if (count_ * 2 >= slots_.size()) grow();
  size_t at = mix_words(key, 0) & mask_;
  while (slots_[at] != kEmpty && slots_[at] != key) at = (at + 1) & mask_;
  count_ += slots_[at] == kEmpty;
  slots_[at] = key;
}

void Joints::grow() {
  std::vector<uint64_t> old(slots_.size() * 2, kEmpty);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  count_ = 0;
  for (const uint64_t key : old) {
    if (key != kEmpty) insert(key);
  }
}

}  // namespace hone::spm
