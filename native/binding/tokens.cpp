#include "binding/tokens.h"

#include "binding/convert.h"
#include "core/error.h"
#include "model/tokenizer/utf8.h"

#include <string>
#include <vector>

namespace hone::binding {

const Tokenizer& tokenizer_of(const Model& model) {
  if (model.tokenizer()) return *model.tokenizer();
  throw Error("tokenizer.unsupported", model.tokenizer_problem(), "Hone cannot turn text into this model's tokens.");
}

Napi::Object from_encoding(Napi::Env env, const Encoding& encoding) {
  std::vector<int32_t> begin, end;
  for (const TextRange& range : encoding.ranges) {
    begin.push_back(static_cast<int32_t>(range.begin));
    end.push_back(static_cast<int32_t>(range.end));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("ids", from_int32s(env, encoding.ids));
  object.Set("begin", from_int32s(env, begin));
  object.Set("end", from_int32s(env, end));
  return object;
}

Napi::String decode_text(Napi::Env env, const Tokenizer& tokenizer, std::span<const int32_t> tokens,
                         bool show_special) {
  for (const int32_t token : tokens) {
    if (token >= 0 && token < tokenizer.size()) continue;
    throw Error("generate.token", "token " + std::to_string(token) + " is outside the vocabulary of " +
                                      std::to_string(tokenizer.size()));
  }
  return Napi::String::New(env, utf8::replace_invalid(tokenizer.decode(tokens, show_special)));
}

Napi::Object from_special_tokens(Napi::Env env, const Tokenizer& tokenizer) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  Napi::Object object = Napi::Object::New(env);
  Napi::Object texts = Napi::Object::New(env);
  const auto text_of = [&](const char* name, int32_t id) {
    if (vocabulary.contains(id)) texts.Set(name, utf8::replace_invalid(tokenizer.piece(id, true)));
  };
  const auto add = [&](const char* name, int32_t id) {
    object.Set(name, vocabulary.contains(id) ? Napi::Value(Napi::Number::New(env, id)) : env.Null());
    text_of(name, id);
  };
  add("bos", vocabulary.bos());
  add("eos", vocabulary.eos());
  add("eot", vocabulary.eot());
  text_of("unk", vocabulary.unknown());
  text_of("pad", vocabulary.padding());
  const std::vector<int32_t> ends = vocabulary.end_of_generation();
  Napi::Array end_of_generation = Napi::Array::New(env, ends.size());
  for (uint32_t i = 0; i < ends.size(); ++i) end_of_generation.Set(i, ends[i]);
  object.Set("endOfGeneration", end_of_generation);
  object.Set("addBos", tokenizer.adds_bos());
  object.Set("cleansSpacesElsewhere", tokenizer.cleans_spaces_elsewhere());
  object.Set("texts", texts);
  return object;
}

}  // namespace hone::binding
