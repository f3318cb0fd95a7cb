#include "model/tokenizer/tokenizer.h"

#include "support/test.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace hone;

namespace {

/// A byte-level vocabulary: the printable ASCII characters, "Ġ", and `more`.
Metadata bpe_metadata(const std::vector<std::string>& more, const std::vector<std::string>& merges) {
  std::vector<std::string> tokens;
  for (char c = '!'; c <= '~'; ++c) tokens.emplace_back(1, c);
  tokens.emplace_back("\u0120");
  tokens.insert(tokens.end(), more.begin(), more.end());
  Metadata metadata("test.gguf");
  metadata.set("tokenizer.ggml.model", std::string("gpt2"));
  metadata.set("tokenizer.ggml.pre", std::string("gpt-2"));
  metadata.set("tokenizer.ggml.tokens", MetadataArray(tokens));
  metadata.set("tokenizer.ggml.merges", MetadataArray(merges));
  return metadata;
}

std::vector<std::string> texts(const Tokenizer& tokenizer, std::string_view text, bool parse_special = true) {
  std::vector<std::string> all;
  for (const int32_t id : tokenizer.encode(text, false, parse_special)) all.push_back(tokenizer.vocabulary().text(id));
  return all;
}

void set_types(Metadata& metadata, const std::map<std::string, int32_t>& special) {
  const auto& tokens = metadata.require_strings("tokenizer.ggml.tokens");
  std::vector<int32_t> types(tokens.size(), 1);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (special.count(tokens[i])) types[i] = special.at(tokens[i]);
  }
  metadata.set("tokenizer.ggml.token_type", MetadataArray(types));
}

using Texts = std::vector<std::string>;

}  // namespace

TEST("merges go by rank and, among equals, from the left") {
  const auto tokenizer = Tokenizer::from_metadata(bpe_metadata({"aa", "aaa", "ab"}, {"a a", "a b", "aa a"}));
  CHECK(texts(*tokenizer, "aaaaa") == (Texts{"aa", "aaa"}));
  CHECK(texts(*tokenizer, "aab") == (Texts{"aa", "b"}));
}

TEST("a merge through a symbol that is no token works, and one that stays is spelled out") {
  const auto tokenizer = Tokenizer::from_metadata(bpe_metadata({"abc"}, {"a b", "ab c"}));
  CHECK(texts(*tokenizer, "abc") == (Texts{"abc"}));
  CHECK(texts(*tokenizer, "ab") == (Texts{"a", "b"}));
}

TEST("long pieces merge as short ones do") {
  const Metadata metadata = bpe_metadata({"ab", "abab", "ba", "bab"}, {"a b", "ab ab", "b a", "b ab"});
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  // Merging "ab" first leaves nothing that reaches over an even border, so a long run is a row of short ones.
  Texts expected;
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "abab";
    expected.push_back("abab");
  }
  CHECK(texts(*tokenizer, text) == expected);
  CHECK(texts(*tokenizer, "abab") == (Texts{"abab"}));
}

TEST("longer special tokens win wherever they stand") {
  Metadata metadata = bpe_metadata({"<a>", "<a><b>", "b><", "<u>"}, {});
  set_types(metadata, {{"<a>", 3}, {"<a><b>", 3}, {"b><", 3}, {"<u>", 4}});
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  CHECK(texts(*tokenizer, "<a><b><a>") == (Texts{"<a><b>", "<a>"}));
  CHECK(texts(*tokenizer, "<b><a>") == (Texts{"<", "b", ">", "<a>"}));  // equally long: the smaller id
  CHECK(texts(*tokenizer, "<a><u>", false) == (Texts{"<", "a", ">", "<u>"}));
}

TEST("white space after special tokens is dropped for the one family that wants it") {
  Metadata metadata = bpe_metadata({"<|end|>", "<s>"}, {});
  set_types(metadata, {{"<|end|>", 3}, {"<s>", 3}});
  metadata.set("general.name", std::string("Phi-3 mini"));
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  CHECK(texts(*tokenizer, "<|end|> \n a<s> a") == (Texts{"<|end|>", "a", "<s>", "\u0120", "a"}));
}

TEST("tokens that end a turn are known by their text") {
  Metadata metadata = bpe_metadata({"<|im_end|>", "<|endoftext|>", "<|return|>", "<|call|>", "<|end|>"}, {});
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  const Vocabulary& vocabulary = tokenizer->vocabulary();
  CHECK_EQUAL(vocabulary.text(tokenizer->eot()), "<|im_end|>");
  CHECK(tokenizer->ends_generation(vocabulary.find("<|endoftext|>")));
  CHECK(tokenizer->ends_generation(vocabulary.find("<|return|>")));
  CHECK(!tokenizer->ends_generation(vocabulary.find("<|end|>")));
  CHECK(vocabulary.type(vocabulary.find("<|im_end|>")) == TokenType::control);
}

TEST("ids outside the vocabulary are ignored with a warning") {
  Metadata metadata = bpe_metadata({}, {});
  metadata.set("tokenizer.ggml.bos_token_id", uint32_t{100000});
  metadata.set("tokenizer.ggml.add_bos_token", true);
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  CHECK_EQUAL(tokenizer->bos(), -1);
  CHECK_EQUAL(tokenizer->warnings().size(), 1u);
  CHECK(texts(*tokenizer, "a") == (Texts{"a"}));
}

TEST("broken vocabularies are refused") {
  const auto refused = [](const char* code, const char* key, MetadataValue value) {
    Metadata metadata = bpe_metadata({}, {});
    metadata.set(key, std::move(value));
    CHECK_ERROR(code, Tokenizer::from_metadata(metadata));
  };
  refused("tokenizer.invalid", "tokenizer.ggml.tokens", MetadataArray(Texts{"a", "b", "a"}));
  refused("tokenizer.invalid", "tokenizer.ggml.tokens", MetadataArray(Texts{}));
  refused("tokenizer.invalid", "tokenizer.ggml.token_type", MetadataArray(std::vector<int32_t>{1}));
  refused("tokenizer.invalid", "tokenizer.ggml.scores", MetadataArray(std::vector<float>{0.5f}));
  refused("tokenizer.invalid", "tokenizer.ggml.merges", MetadataArray(Texts{"ab"}));
  refused("tokenizer.unsupported", "tokenizer.ggml.pre", std::string("deepseek-v3"));
  refused("tokenizer.unsupported", "tokenizer.ggml.model", std::string("bert"));
  refused("metadata.type", "tokenizer.ggml.tokens", uint32_t{5});
  CHECK_ERROR("metadata.missing", Tokenizer::from_metadata(Metadata("test.gguf")));
}

TEST("an empty token text is replaced by its number") {
  const auto tokenizer = Tokenizer::from_metadata(bpe_metadata({"", "x2"}, {}));
  CHECK_EQUAL(tokenizer->vocabulary().text(95), "[EMPTY_95]");
}

TEST("SentencePiece falls back to bytes and then to the unknown token") {
  Metadata metadata("test.gguf");
  metadata.set("tokenizer.ggml.model", std::string("llama"));
  const Texts tokens = {"<unk>", "<s>", "</s>", "a", "<0xC3>", "<0xA9>", "\u2581"};
  metadata.set("tokenizer.ggml.tokens", MetadataArray(tokens));
  metadata.set("tokenizer.ggml.token_type", MetadataArray(std::vector<int32_t>{2, 3, 3, 1, 6, 6, 1}));
  const auto tokenizer = Tokenizer::from_metadata(metadata);
  CHECK(texts(*tokenizer, "a\u00e9z") == (Texts{"\u2581", "a", "<0xC3>", "<0xA9>", "<unk>"}));
  CHECK_EQUAL(tokenizer->decode(tokenizer->encode("a\u00e9", true, true), false), " a\u00e9");
  CHECK_EQUAL(tokenizer->decode(tokenizer->encode("a\u00e9", false, true), false), "a\u00e9");
}
