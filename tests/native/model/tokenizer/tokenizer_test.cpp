#include "model/tokenizer/tokenizer.h"

#include "gguf/reader.h"
#include "model/tokenizer/incremental_decoder.h"
#include "model/tokenizer/utf8.h"
#include "support/json.h"

#include <algorithm>
#include <ctime>

using namespace hone;
using namespace hone::test;

namespace {

std::unique_ptr<Tokenizer> open_tokenizer(const std::string& name) {
  return Tokenizer::from_metadata(GgufFile::open(fixture("tokenizers/" + name + ".gguf"))->metadata());
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

/// What the reference does to shown text; Hone keeps the spaces.
std::string clean_spaces(std::string text) {
  for (const char* mark : {"?", "!", ".", ","}) replace_all(text, std::string(" ") + mark, mark);
  replace_all(text, " ' ", "'");
  for (const char* ending : {"'s", "'m", "'re", "'ve"}) replace_all(text, std::string(" ") + ending, ending);
  return text;
}

std::string listed(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) text += std::to_string(id) + " ";
  return text;
}

}  // namespace

TEST("ids and texts equal those of the reference for every vocabulary") {
  const Json all = read_json(fixture("tokenizer_cases.json"));
  int count = 0;
  for (const auto& [name, vocabulary] : all.members()) {
    const auto tokenizer = open_tokenizer(name);
    for (const Json& item : vocabulary["cases"].items()) {
      const std::string& text = item["text"].text();
      const auto ids = tokenizer->encode(text, item["add_special"].boolean(), item["parse_special"].boolean());
      const std::string which = name + " \"" + text + "\" ";
      CHECK_EQUAL(which + listed(ids), which + listed(item["ids"].numbers<int32_t>()));

      std::string shown = tokenizer->decode(ids, true);
      if (tokenizer->cleans_spaces_elsewhere()) shown = clean_spaces(shown);
      CHECK_EQUAL(name + " " + shown, name + " " + decode_hex(item["detok_hex"].text()));
      ++count;
    }
  }
  CHECK_EQUAL(count, 615);
}

TEST("every byte of a text belongs to the range of a token") {
  const std::string text = "  Grüße, \xf0\x9f\x99\x82 <|im_end|> 東京\n\n1234 can't  ";
  for (const char* name : {"llama-bpe", "qwen2", "smollm", "spm", "spm-gemma"}) {
    const auto tokenizer = open_tokenizer(name);
    const Encoding encoding = tokenizer->encode_with_ranges(text, true, true);
    CHECK(encoding.ids == tokenizer->encode(text, true, true));
    CHECK_EQUAL(encoding.ids.size(), encoding.ranges.size());
    size_t at = 0;
    for (size_t i = 0; i < encoding.ids.size(); ++i) {
      const TextRange range = encoding.ranges[i];
      CHECK_EQUAL(range.begin, at);
      CHECK(range.end >= range.begin && range.end <= text.size());
      at = range.end;
      // Where no space was added in front, a piece is exactly the bytes of its range.
      const std::string piece = tokenizer->piece(encoding.ids[i], true);
      if (range.end > range.begin && !(tokenizer->adds_space() && piece.starts_with(' '))) {
        CHECK_EQUAL(piece, text.substr(range.begin, range.end - range.begin));
      }
    }
    CHECK_EQUAL(at, text.size());
  }
}

TEST("the space that SentencePiece puts in front has no place in the text") {
  const auto tokenizer = open_tokenizer("spm");
  const Encoding encoding = tokenizer->encode_with_ranges("the", true, true);
  CHECK_EQUAL(encoding.ids.front(), tokenizer->bos());
  CHECK(encoding.ranges.front() == (TextRange{0, 0}));
  CHECK_EQUAL(encoding.ranges[1].begin, 0u);
  CHECK_EQUAL(encoding.ranges.back().end, 3u);
}

TEST("bad bytes are read as replacement characters and keep their places") {
  const auto tokenizer = open_tokenizer("llama-bpe");
  const std::string broken = "ab\xff\xc3 cd\xe2\x82";
  const Encoding encoding = tokenizer->encode_with_ranges(broken, false, true);
  CHECK_EQUAL(tokenizer->decode(encoding.ids, true), "ab\xef\xbf\xbd\xef\xbf\xbd cd\xef\xbf\xbd\xef\xbf\xbd");
  size_t at = 0;
  for (const TextRange range : encoding.ranges) {
    CHECK(range.begin >= at && range.end >= range.begin);
    at = range.end;
  }
  CHECK_EQUAL(at, broken.size());
}

TEST("special tokens in a text count only when asked for") {
  const auto tokenizer = open_tokenizer("llama-bpe");
  const auto& vocabulary = tokenizer->vocabulary();
  const int32_t end = vocabulary.find("<|eot_id|>");
  CHECK(end >= 0 && tokenizer->ends_generation(end));
  CHECK(tokenizer->encode("<|eot_id|>", false, true) == std::vector<int32_t>{end});
  CHECK(tokenizer->encode("<|eot_id|>", false, false).size() > 1);
  CHECK_EQUAL(tokenizer->piece(end, false), "");
  CHECK_EQUAL(tokenizer->piece(end, true), "<|eot_id|>");
  CHECK_ERROR("tokenizer.id", tokenizer->piece(tokenizer->size(), true));
  CHECK_ERROR("tokenizer.id", tokenizer->piece(-1, true));
}

TEST("text that arrives token by token is never cut inside a character") {
  const std::string text = "a 東京 \xf0\x9f\x99\x82 Grüße";
  for (const char* name : {"llama-bpe", "spm"}) {
    const auto tokenizer = open_tokenizer(name);
    IncrementalDecoder decoder(*tokenizer, false, true);
    std::string shown;
    for (const int32_t id : tokenizer->encode(text, false, true)) {
      const std::string part = decoder.push(id);
      size_t begin = 0;
      CHECK(!utf8::ends_incomplete(part, begin));
      CHECK_EQUAL(utf8::replace_invalid(part), part);
      shown += part;
    }
    CHECK_EQUAL(shown, text);
    CHECK_EQUAL(decoder.finish(), "");
  }
}

TEST("a character that never completes becomes a replacement character") {
  const auto tokenizer = open_tokenizer("llama-bpe");
  IncrementalDecoder decoder(*tokenizer, false);
  const auto ids = tokenizer->encode("\xf0\x9f\x99\x82", false, true);
  CHECK_EQUAL(ids.size(), 4u);
  CHECK_EQUAL(decoder.push(ids[0]), "");
  CHECK_EQUAL(decoder.push(ids[1]), "");
  CHECK_EQUAL(decoder.push(tokenizer->encode("a", false, true)[0]), "\xef\xbf\xbd\xef\xbf\xbd" "a");
  CHECK_EQUAL(decoder.push(ids[0]), "");
  CHECK_EQUAL(decoder.finish(), "\xef\xbf\xbd");
}

TEST("a long text without a seam takes as much longer as it is larger") {
  const auto seconds = [](const Tokenizer& tokenizer, const std::string& unit, size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += unit;
    const std::clock_t begin = std::clock();
    (void)tokenizer.encode(text, false, true);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  for (const char* name : {"llama-bpe", "qwen2", "smollm", "spm", "spm-gemma"}) {
    const auto tokenizer = open_tokenizer(name);
    for (const char* unit : {" ", "\n", "a", "the", "\xe6\x9d\xb1", "1", "<|", "\xff"}) {
      const double small = seconds(*tokenizer, unit, 1 << 14), large = seconds(*tokenizer, unit, 1 << 18);
      // 16 times the text; a quadratic way takes 256 times as long. The rest is for caches and small clocks.
      CHECK_AT_MOST(large, 60 * std::max(small, 0.002));
    }
  }
}
