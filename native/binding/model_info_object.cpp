#include "binding/model_info_object.h"

namespace hone::binding {
namespace {

double number(auto value) { return static_cast<double>(value); }

Napi::Value optional_text(Napi::Env env, const std::optional<std::string>& text) {
  return text ? Napi::Value(Napi::String::New(env, *text)) : env.Null();
}

const char* source_name(ActivationSource source) {
  switch (source) {
    case ActivationSource::metadata: return "file";
    case ActivationSource::architecture: return "architecture";
    case ActivationSource::guess: return "guess";
    case ActivationSource::chosen: return "chosen";
  }
  return "guess";
}

Napi::Array from_types(Napi::Env env, const std::vector<ModelInfo::Share>& types) {
  Napi::Array array = Napi::Array::New(env, types.size());
  for (uint32_t i = 0; i < types.size(); ++i) {
    Napi::Object share = Napi::Object::New(env);
    share.Set("dtype", types[i].dtype);
    share.Set("tensors", number(types[i].tensors));
    share.Set("bytes", number(types[i].bytes));
    array.Set(i, share);
  }
  return array;
}

Napi::Value from_tokenizer(Napi::Env env, const ModelInfo& info) {
  if (info.tokenizer_model.empty()) return env.Null();
  Napi::Object tokenizer = Napi::Object::New(env);
  tokenizer.Set("model", info.tokenizer_model);
  tokenizer.Set("pre", info.tokenizer_pre);
  return tokenizer;
}

Napi::Object from_activation(Napi::Env env, const ModelConfig& config) {
  Napi::Object activation = Napi::Object::New(env);
  activation.Set("kind", std::string(activation_name(config.activation)));
  activation.Set("source", source_name(config.activation_source));
  activation.Set("reason", config.activation_reason);
  return activation;
}

}  // namespace

Napi::Object from_model_info(Napi::Env env, const ModelInfo& info) {
  const ModelConfig& config = info.config;
  Napi::Object object = Napi::Object::New(env);
  object.Set("path", info.path);
  object.Set("fileBytes", number(info.file_bytes));
  object.Set("name", info.name);
  object.Set("architecture", config.architecture);
  object.Set("parameters", number(info.parameters));
  object.Set("contextLength", number(config.context));
  object.Set("embeddingLength", number(config.dim));
  object.Set("feedForwardLength", number(config.feed_forward));
  object.Set("blockCount", number(config.layers));
  object.Set("headCount", number(config.heads));
  object.Set("headCountKv", number(config.groups));
  object.Set("permutedQk", config.permuted_qk);
  object.Set("vocabularySize", number(config.vocabulary));
  object.Set("types", from_types(env, info.types));
  object.Set("tokenizer", from_tokenizer(env, info));
  object.Set("chatTemplate", optional_text(env, info.chat_template));
  object.Set("activation", from_activation(env, config));
  object.Set("license", optional_text(env, info.license));
  object.Set("description", optional_text(env, info.description));
  Napi::Array reasons = Napi::Array::New(env, info.why_not_trainable.size());
  for (uint32_t i = 0; i < info.why_not_trainable.size(); ++i) reasons.Set(i, info.why_not_trainable[i]);
  object.Set("whyNotTrainable", reasons);
  return object;
}

}  // namespace hone::binding
