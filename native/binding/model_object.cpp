#include "binding/model_object.h"

#include "binding/adapter_object.h"
#include "binding/checkpoint_adapter.h"
#include "binding/compare_object.h"
#include "binding/convert.h"
#include "binding/error.h"
#include "binding/evaluate.h"
#include "binding/forecast.h"
#include "binding/generation_object.h"
#include "binding/gradients.h"
#include "binding/instance.h"
#include "binding/merge_object.h"
#include "binding/model_info_object.h"
#include "binding/promise_worker.h"
#include "binding/tokens.h"
#include "binding/training_object.h"
#include "binding/training_request.h"
#include "core/error.h"
#include "gguf/reader.h"
#include "infer/logits.h"

#include <string>
#include <utility>
#include <vector>

namespace hone::binding {
namespace {

constexpr Choice<ActivationMode> kModes[] = {{"exact", ActivationMode::exact}, {"rounded", ActivationMode::rounded}};

/// Marks objects made here, so that no other wrapped object is taken for one.
constexpr napi_type_tag kTag = {0x686f6e65'6d6f6465ULL, 0x3b9c51d2'84e07f19ULL};

struct Opened {
  std::shared_ptr<const ResidentModel> model;
  ModelInfo info;
};

ResidentOptions to_options(const Napi::Value& value) {
  const Fields fields(value, "options");
  ResidentOptions options;
  options.device = fields.string("device");
  options.threads = static_cast<unsigned>(fields.integer("threads", 0, 1024));
  if (fields.has("activation")) options.activation = fields.choice("activation", kActivations);
  return options;
}

}  // namespace

Napi::Function ModelObject::define(Napi::Env env) {
  return DefineClass(env, "NativeModel",
                     {InstanceMethod<&ModelObject::tokenize>("tokenize"),
                      InstanceMethod<&ModelObject::decode>("decode"),
                      InstanceMethod<&ModelObject::special_tokens>("specialTokens"),
                      InstanceMethod<&ModelObject::open_adapter>("openAdapter"),
                      InstanceMethod<&ModelObject::logits>("logits"),
                      InstanceMethod<&ModelObject::generate>("generate"),
                      InstanceMethod<&ModelObject::forecast>("forecast"),
                      InstanceMethod<&ModelObject::compare>("compare"),
                      InstanceMethod<&ModelObject::plan_merge>("planMerge"),
                      InstanceMethod<&ModelObject::merge>("merge"),
                      InstanceMethod<&ModelObject::gradients>("gradients"),
                      InstanceMethod<&ModelObject::steps>("steps"),
                      InstanceMethod<&ModelObject::evaluate>("evaluate"),
                      InstanceMethod<&ModelObject::checkpoint_adapter>("checkpointAdapter"),
                      InstanceMethod<&ModelObject::train>("train"), InstanceMethod<&ModelObject::close>("close")});
}

Napi::Value ModelObject::open(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const auto work = [path = to_string(info[0], "path"), options = to_options(info[1])] {
      Opened opened{ResidentModel::open(path, options), {}};
      opened.info = describe_model(opened.model->model().file(), opened.model->model().config());
      return opened;
    };
    return run_off_thread<Opened>(info.Env(), "hone open model", work, [](Napi::Env env, Opened opened) -> Napi::Value {
      return Instance::of(env).model_class.New({Napi::External<Opened>::New(env, &opened)});
    });
  });
}

ModelObject::ModelObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] {
    if (!info[0].IsExternal()) throw Error("addon.argument", "models are made by openModel");
    Opened& opened = *info[0].As<Napi::External<Opened>>().Data();
    model_ = std::move(opened.model);
    Napi::Object self = info.This().As<Napi::Object>();
    self.TypeTag(&kTag);
    self.DefineProperty(
        Napi::PropertyDescriptor::Value("info", from_model_info(info.Env(), opened.info), napi_enumerable));
  });
}

const ModelObject::Shared& ModelObject::open_model() const {
  if (!model_) throw Error("model.closed", "the model was closed", "Open it again.");
  return model_;
}

std::shared_ptr<const ResidentModel> ModelObject::unwrap(const Napi::Value& value, std::string_view name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTag)) refuse(value, name, "an open model");
  return Unwrap(value.As<Napi::Object>())->open_model();
}

const Tokenizer& ModelObject::tokenizer() const { return tokenizer_of(open_model()->model()); }

Napi::Value ModelObject::tokenize(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const std::string text = to_string(info[0], "text");
    const Fields options(info[1], "options");
    return from_encoding(info.Env(), tokenizer().encode_with_ranges(text, options.boolean("addSpecial"),
                                                                    options.boolean("parseSpecial")));
  });
}

Napi::Value ModelObject::decode(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const std::vector<int32_t> tokens = to_int32s(info[0], "tokens");
    const bool show_special = Fields(info[1], "options").boolean("showSpecial");
    return decode_text(info.Env(), tokenizer(), tokens, show_special);
  });
}

Napi::Value ModelObject::special_tokens(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value { return from_special_tokens(info.Env(), tokenizer()); });
}

Napi::Value ModelObject::open_adapter(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    using Adapter = std::shared_ptr<const ResidentAdapter>;
    const auto work = [path = to_string(info[0], "path"), model = open_model()] {
      return ResidentAdapter::open(path, model);
    };
    return run_off_thread<Adapter>(info.Env(), "hone open adapter", work,
                                   [](Napi::Env env, Adapter adapter) -> Napi::Value {
                                     return AdapterObject::wrap(env, std::move(adapter));
                                   });
  });
}

Napi::Value ModelObject::logits(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Fields options(info[1], "options");
    const auto mode =
        options.has("activations") ? options.choice("activations", kModes) : ActivationMode::automatic;
    const auto work = [model = open_model(), tokens = to_int32s(info[0], "tokens"), mode,
                       uses = to_adapter_uses(options.get("adapters"), "options.adapters", open_model())] {
      return all_logits(*model, tokens, active_adapters(uses), mode);
    };
    return run_off_thread<std::vector<float>>(
        info.Env(), "hone logits", work,
        [](Napi::Env env, std::vector<float> values) -> Napi::Value { return from_floats(env, values); });
  });
}

Napi::Value ModelObject::generate(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_generation(info.Env(), open_model(), info[0], info[1]); });
}

Napi::Value ModelObject::forecast(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Recipe recipe = to_recipe(info[0], "recipe").recipe;
    const Shared& model = open_model();
    const Forecast forecast = forecast_training(model->model(), recipe, model->options().threads);
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("peakBytes", static_cast<double>(forecast.peak_bytes));
    object.Set("trainableParameters", static_cast<double>(forecast.trainable_parameters));
    return object;
  });
}

Napi::Value ModelObject::train(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_training(info.Env(), open_model(), info[0], info[1]); });
}

Napi::Value ModelObject::compare(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_comparison(info.Env(), open_model(), info[0], info[1]); });
}

Napi::Value ModelObject::plan_merge(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return plan_merge_request(info.Env(), open_model(), info[0]); });
}

Napi::Value ModelObject::merge(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_merge(info.Env(), open_model(), info[0], info[1]); });
}

Napi::Value ModelObject::evaluate(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_evaluation(info.Env(), open_model(), info[0], info[1]); });
}

Napi::Value ModelObject::checkpoint_adapter(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_checkpoint_adapter(info.Env(), open_model(), info[0]); });
}

Napi::Value ModelObject::gradients(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_gradients(info.Env(), open_model(), info[0]); });
}

Napi::Value ModelObject::steps(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return start_steps(info.Env(), open_model(), info[0]); });
}

Napi::Value ModelObject::close(const Napi::CallbackInfo& info) {
  model_.reset();
  return info.Env().Undefined();
}

}  // namespace hone::binding
