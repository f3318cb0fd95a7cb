#include "model/tokenizer/pre_tokenizer.h"

#include <algorithm>

namespace hone {
namespace {

using namespace expressions;
using Name = std::string_view;

constexpr Expression kLlama3[] = {llama3};
constexpr Expression kQwen2[] = {qwen2};
constexpr Expression kGpt2[] = {gpt2};
constexpr Expression kDigitGpt2[] = {digit, gpt2};
constexpr Expression kFalcon[] = {punctuation_and_backtick, gpt2, three_digits};
constexpr Expression kDefault[] = {punctuation, gpt2, digits, three_digits};
constexpr Expression kTekken[] = {tekken};
constexpr Expression kGpt4o[] = {gpt4o};

constexpr Name kLlama3Names[] = {"llama-bpe", "llama3",  "llama-v3", "falcon3",
                                 "falcon-h1", "pixtral", "midm-2.0", "lfm2"};
constexpr Name kDbrxNames[] = {"dbrx", "smaug-bpe", "glm4", "chatglm-bpe"};
constexpr Name kQwen2Names[] = {"qwen2", "deepseek-r1-qwen", "hunyuan"};
constexpr Name kMegrezNames[] = {"megrez", "stablelm2"};
constexpr Name kGpt2Names[] = {"gpt-2",   "phi-2",   "mpt",        "olmo",       "jais",         "exaone4",
                               "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat",     "a.x-4.0",
                               "mellum",  "jina-v1-en", "jina-v2-code", "roberta-bpe"};
constexpr Name kTrillionNames[] = {"trillion", "granite-docling"};
constexpr Name kSmollmNames[] = {"smollm", "command-r"};
constexpr Name kStarcoderNames[] = {"starcoder", "refact", "codeshell", "exaone", "minerva-7b"};
constexpr Name kFalconNames[] = {"falcon"};
constexpr Name kDefaultNames[] = {"default"};
constexpr Name kTekkenNames[] = {"tekken"};
constexpr Name kGpt4oNames[] = {"gpt-4o", "llama4"};

constexpr PreTokenizer kAll[] = {
    {.names = kLlama3Names, .expressions = kLlama3, .ignore_merges = true, .add_bos = true},
    {.names = kDbrxNames, .expressions = kLlama3},
    {.names = kQwen2Names, .expressions = kQwen2, .clean_spaces = false},
    {.names = kMegrezNames, .expressions = kQwen2},
    {.names = kGpt2Names, .expressions = kGpt2},
    {.names = kTrillionNames, .expressions = kGpt2, .clean_spaces = false},
    {.names = kSmollmNames, .expressions = kDigitGpt2, .clean_spaces = false},
    {.names = kStarcoderNames, .expressions = kDigitGpt2},
    {.names = kFalconNames, .expressions = kFalcon},
    {.names = kDefaultNames, .expressions = kDefault},
    {.names = kTekkenNames, .expressions = kTekken, .ignore_merges = true, .add_bos = true, .clean_spaces = false},
    {.names = kGpt4oNames, .expressions = kGpt4o, .clean_spaces = false},
};

}  // namespace

const PreTokenizer* find_pre_tokenizer(std::string_view name) noexcept {
  for (const PreTokenizer& pre : kAll) {
    if (std::ranges::find(pre.names, name) != pre.names.end()) return &pre;
  }
  return nullptr;
}

}  // namespace hone
