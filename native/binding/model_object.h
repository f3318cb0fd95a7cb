#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>
#include <string_view>

namespace hone::binding {

/// `NativeModel`: a handle on a resident model. Work in progress keeps the model when JavaScript closes it; every method
/// after that is Error "model.closed".
class ModelObject : public Napi::ObjectWrap<ModelObject> {
 public:
  static Napi::Function define(Napi::Env env);

  /// `openModel(path, options)`: a promise of the object.
  static Napi::Value open(const Napi::CallbackInfo& info);

  explicit ModelObject(const Napi::CallbackInfo& info);

  /// Error "addon.argument" for anything that is not a NativeModel, "model.closed" for a closed one.
  static std::shared_ptr<const ResidentModel> unwrap(const Napi::Value& value, std::string_view name);

 private:
  using Shared = std::shared_ptr<const ResidentModel>;

  const Shared& open_model() const;
  const Tokenizer& tokenizer() const;

  Napi::Value tokenize(const Napi::CallbackInfo& info);
  Napi::Value decode(const Napi::CallbackInfo& info);
  Napi::Value special_tokens(const Napi::CallbackInfo& info);
  Napi::Value open_adapter(const Napi::CallbackInfo& info);
  Napi::Value logits(const Napi::CallbackInfo& info);
  Napi::Value generate(const Napi::CallbackInfo& info);
  Napi::Value forecast(const Napi::CallbackInfo& info);
  Napi::Value compare(const Napi::CallbackInfo& info);
  Napi::Value plan_merge(const Napi::CallbackInfo& info);
  Napi::Value merge(const Napi::CallbackInfo& info);
  Napi::Value gradients(const Napi::CallbackInfo& info);
  Napi::Value steps(const Napi::CallbackInfo& info);
  Napi::Value evaluate(const Napi::CallbackInfo& info);
  Napi::Value checkpoint_adapter(const Napi::CallbackInfo& info);
  Napi::Value train(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  Shared model_;
};

}  // namespace hone::binding
