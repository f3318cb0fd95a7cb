#pragma once

#include "model/model.h"
#include "model/tokenizer/tokenizer.h"

#include <napi.h>

#include <cstdint>
#include <span>

namespace hone::binding {

/// Error "tokenizer.unsupported" where the model has none that Hone can run.
const Tokenizer& tokenizer_of(const Model& model);

/// `TokenizedText`: ids with the byte ranges they stand for.
Napi::Object from_encoding(Napi::Env env, const Encoding& encoding);

/// The text of a sequence; bytes that are no character appear as U+FFFD. Error "generate.token" for an id outside the
/// vocabulary.
Napi::String decode_text(Napi::Env env, const Tokenizer& tokenizer, std::span<const int32_t> tokens, bool show_special);

/// What `specialTokens()` answers.
Napi::Object from_special_tokens(Napi::Env env, const Tokenizer& tokenizer);

}  // namespace hone::binding
