#include "binding/files.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/error.h"
#include "binding/model_info_object.h"
#include "binding/promise_worker.h"
#include "gguf/split_writer.h"
#include "model/adapter_convert.h"

#include <variant>

namespace hone::binding {
namespace {

/// Of `{ activation? }`, which may be left out itself.
std::optional<ops::ActivationKind> to_activation(const Napi::Value& options) {
  if (options.IsUndefined()) return std::nullopt;
  const Fields fields(options, "options");
  if (!fields.has("activation")) return std::nullopt;
  return fields.choice("activation", kActivations);
}

constexpr Choice<DType> kTypes[] = {{"f32", DType::F32}, {"f16", DType::F16}};

}  // namespace

Napi::Value inspect(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    return run_off_thread<ModelInfo>(
        info.Env(), "hone inspect",
        [path = to_string(info[0], "path"), activation = to_activation(info[1])] {
          return inspect_model(path, activation);
        },
        [](Napi::Env env, ModelInfo found) -> Napi::Value { return from_model_info(env, found); });
  });
}

Napi::Value inspect_adapter_file(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    return run_off_thread<AdapterInfo>(
        info.Env(), "hone inspect adapter", [path = to_string(info[0], "path")] { return inspect_adapter(path); },
        [](Napi::Env env, AdapterInfo found) -> Napi::Value { return from_adapter_info(env, found); });
  });
}

Napi::Value convert_adapter_file(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Fields options(info[2], "options");
    const auto work = [source = to_string(info[0], "source"), target = to_string(info[1], "target"),
                       type = options.choice("type", kTypes),
                       metadata = to_string_pairs(options.get("metadata"), "options.metadata")] {
      convert_adapter(source, target, type, metadata);
      return std::monostate();
    };
    return run_off_thread<std::monostate>(info.Env(), "hone convert adapter", work,
                                          [](Napi::Env env, std::monostate) { return env.Undefined(); });
  });
}

Napi::Value split_model_file(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const auto work = [source = to_string(info[0], "source"), stem = to_string(info[1], "stem"),
                       part_bytes = static_cast<uint64_t>(to_integer(info[2], "partBytes", 1, int64_t{1} << 50))] { return split_gguf(source, stem, part_bytes); };
    return run_off_thread<std::vector<std::string>>(
        info.Env(), "hone split model", work, [](Napi::Env env, std::vector<std::string> paths) -> Napi::Value {
          auto list = Napi::Array::New(env, paths.size());
          for (uint32_t index = 0; index < paths.size(); ++index) list.Set(index, paths[index]);
          return list;
        });
  });
}

}  // namespace hone::binding
