#include "model/tokenizer/vocabulary.h"

#include "core/error.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

/// Texts of tokens that end a turn in any known model, whatever the file calls them.
constexpr std::array<std::string_view, 12> kEndTexts = {
    "<|eot_id|>", "<|im_end|>",  "<|end|>", "<|return|>", "<|call|>",          "<end_of_turn>",
    "<|endoftext|>", "<|eom_id|>", "<EOT>",   "_<EOT>",     "<|end_of_text|>", "<end_of_utterance>"};

/// Where the file names no end-of-turn token, the first of these that exists.
constexpr std::array<std::string_view, 5> kTurnTexts = {"<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>",
                                                        "<|endoftext|>"};

constexpr std::string_view kPrefix = "tokenizer.ggml.";

std::string key(std::string_view name) { return std::string(kPrefix) + std::string(name); }

[[noreturn]] void fail(const Metadata& metadata, const std::string& what) {
  throw Error("tokenizer.invalid", metadata.source() + ": " + what,
              "The file's tokenizer is damaged. Fetch or convert the model again.");
}

}  // namespace

Vocabulary::Vocabulary(const Metadata& metadata, Defaults defaults) : texts_(metadata.require_strings(key("tokens"))) {
  if (texts_.empty()) fail(metadata, "the vocabulary is empty");
  if (texts_.size() > (size_t{1} << 28)) {
    fail(metadata, "the vocabulary has " + std::to_string(texts_.size()) + " tokens");
  }
  by_text_.reserve(texts_.size());
  for (size_t i = 0; i < texts_.size(); ++i) {
    if (texts_[i].empty()) texts_[i] = "[EMPTY_" + std::to_string(i) + "]";
    if (!by_text_.insert(texts_[i], static_cast<int32_t>(i))) {
      fail(metadata, "the tokens " + std::to_string(find(texts_[i])) + " and " + std::to_string(i) +
                         " have the same text \"" + texts_[i] + "\"");
    }
    longest_text_ = std::max(longest_text_, texts_[i].size());
  }
  read_types(metadata);
  read_scores(metadata);
  bos_ = special_id(metadata, "bos_token_id", defaults.bos);
  eos_ = special_id(metadata, "eos_token_id", defaults.eos);
  unknown_ = special_id(metadata, "unknown_token_id", defaults.unknown);
  padding_ = special_id(metadata, "padding_token_id", kNone);
  find_ends(metadata);
}

void Vocabulary::read_types(const Metadata& metadata) {
  types_.assign(texts_.size(), TokenType::normal);
  const auto stored = metadata.find_integers(key("token_type"));
  if (!stored) return;
  if (stored->size() != texts_.size()) {
    fail(metadata, "there are " + std::to_string(stored->size()) + " token types for " +
                       std::to_string(texts_.size()) + " tokens");
  }
  for (size_t i = 0; i < texts_.size(); ++i) {
    const int64_t type = (*stored)[i];
    if (type >= 1 && type <= 6) types_[i] = static_cast<TokenType>(type);
  }
}

void Vocabulary::read_scores(const Metadata& metadata) {
  auto stored = metadata.find_reals(key("scores"));
  if (!stored) return;
  if (stored->size() != texts_.size()) {
    fail(metadata, "there are " + std::to_string(stored->size()) + " token scores for " +
                       std::to_string(texts_.size()) + " tokens");
  }
  // NaN would have no place in the order of merges.
  for (const float score : *stored) {
    if (score != score) fail(metadata, "a token score is not a number");
  }
  scores_ = std::move(*stored);
}

int32_t Vocabulary::special_id(const Metadata& metadata, std::string_view name, int32_t fallback) {
  const auto stored = metadata.find_integer(key(name));
  const int64_t id = stored.value_or(fallback);
  if (id >= 0 && id < size()) return static_cast<int32_t>(id);
  if (stored) {
    warn(key(name) + " is " + std::to_string(id) + " but there are " + std::to_string(size()) +
         " tokens; it is ignored");
  }
  return kNone;
}

void Vocabulary::find_ends(const Metadata& metadata) {
  ends_.assign(texts_.size(), false);
  const auto add = [&](int32_t id) {
    if (id != kNone) ends_[static_cast<size_t>(id)] = true;
  };
  eot_ = special_id(metadata, "eot_token_id", kNone);
  for (const std::string_view text : kTurnTexts) {
    if (eot_ == kNone) eot_ = find(text);
  }
  add(eos_);
  add(eot_);
  for (const char* name : {"eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id"}) {
    add(special_id(metadata, name, kNone));
  }
  for (const std::string_view text : kEndTexts) {
    const int32_t id = find(text);
    if (id == kNone) continue;
    add(id);
    types_[static_cast<size_t>(id)] = TokenType::control;
  }
  // One family uses <|end|> inside an answer and ends it with the other two.
  if (find("<|return|>") != kNone && find("<|call|>") != kNone && find("<|end|>") != kNone) {
    ends_[static_cast<size_t>(find("<|end|>"))] = false;
  }
}

std::vector<int32_t> Vocabulary::end_of_generation() const {
  std::vector<int32_t> all;
  for (int32_t id = 0; id < size(); ++id) {
    if (ends_[static_cast<size_t>(id)]) all.push_back(id);
  }
  return all;
}

}  // namespace hone
