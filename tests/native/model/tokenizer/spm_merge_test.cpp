#include "model/tokenizer/spm_merge.h"

#include "core/random.h"
#include "gguf/reader.h"
#include "model/tokenizer/tokenizer.h"
#include "support/test.h"

#include <string>
#include <vector>

using namespace hone;
using namespace hone::test;

namespace {

/// The rule itself, over a whole text and without any shortcut.
std::vector<std::string> merge_plainly(const Vocabulary& vocabulary, const std::string& text) {
  std::vector<std::string> symbols;
  for (size_t at = 0; at < text.size(); at += symbols.back().size()) {
    symbols.push_back(text.substr(at, spm::character_bytes(text[at], text.size() - at)));
  }
  for (;;) {
    size_t best = symbols.size();
    float best_score = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const int32_t id = vocabulary.find(symbols[i] + symbols[i + 1]);
      if (id != Vocabulary::kNone && (best == symbols.size() || vocabulary.score(id) > best_score)) {
        best = i;
        best_score = vocabulary.score(id);
      }
    }
    if (best == symbols.size()) return symbols;
    symbols[best] += symbols[best + 1];
    symbols.erase(symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
  }
}

}  // namespace

TEST("neither cutting a text nor its length changes what merges") {
  const auto metadata = GgufFile::open(fixture("tokenizers/spm.gguf"))->metadata();
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  const Vocabulary& vocabulary = tokenizer->vocabulary();
  for (uint64_t round = 0; round < 200; ++round) {
    uint64_t counter = 0;
    const auto random = [&](uint64_t below) { return random_bits(round, counter++) % below; };
    // Texts of tokens and single letters in random order, so that many merges compete.
    std::string text = "\xe2\x96\x81";
    for (uint64_t parts = 1 + random(60); parts > 0; --parts) {
      const auto id = static_cast<int32_t>(259 + random(static_cast<uint64_t>(vocabulary.size()) - 259));
      if (vocabulary.type(id) == TokenType::normal) text += vocabulary.text(id);
    }
    std::vector<spm::Symbol> symbols;
    for (size_t at = 0; at < text.size(); at += symbols.back().bytes) {
      const size_t bytes = spm::character_bytes(text[at], text.size() - at);
      symbols.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(bytes)});
    }
    spm::merge(vocabulary, text, symbols);
    const auto expected = merge_plainly(vocabulary, text);
    CHECK_EQUAL(symbols.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      CHECK_EQUAL(text.substr(symbols[i].begin, symbols[i].bytes), expected[i]);
    }

    // Through the tokenizer, which cuts: it puts the first U+2581 there itself.
    const std::vector<int32_t> ids = tokenizer->encode(text.substr(3), false, false);
    size_t place = 0;
    for (const std::string& part : expected) {
      if (vocabulary.find(part) != Vocabulary::kNone) {
        CHECK(place < ids.size());
        CHECK_EQUAL(ids[place++], vocabulary.find(part));
      } else {
        place += part.size();
      }
    }
    CHECK_EQUAL(place, ids.size());
  }
}

TEST("only pairs of characters inside tokens hold a text together") {
  const auto metadata = GgufFile::open(fixture("tokenizers/spm.gguf"))->metadata();
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  const spm::Joints joints(tokenizer->vocabulary());
  CHECK(joints.contains("t", "h"));
  CHECK(!joints.contains("q", "\xe2\x96\x81"));
  CHECK(joints.contains(std::string_view("\0", 1), std::string_view("\0", 1)));
}
