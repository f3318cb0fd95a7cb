#include "binding/adapter_object.h"

#include "binding/convert.h"
#include "binding/error.h"
#include "binding/instance.h"
#include "core/error.h"

#include <utility>

namespace hone::binding {
namespace {

/// Marks objects made here, so that no other wrapped object is taken for one.
constexpr napi_type_tag kTag = {0x686f6e65'61646170ULL, 0x9f1c5f0a'7c2e4b63ULL};

}  // namespace

Napi::Function AdapterObject::define(Napi::Env env) {
  return DefineClass(env, "NativeAdapter", {InstanceMethod<&AdapterObject::close>("close")});
}

Napi::Object AdapterObject::wrap(Napi::Env env, std::shared_ptr<const ResidentAdapter> adapter) {
  return Instance::of(env).adapter_class.New({Napi::External<decltype(adapter)>::New(env, &adapter)});
}

AdapterObject::AdapterObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] {
    if (!info[0].IsExternal()) throw Error("addon.argument", "adapters are made by model.openAdapter");
    adapter_ = std::move(*info[0].As<Napi::External<std::shared_ptr<const ResidentAdapter>>>().Data());
    Napi::Object self = info.This().As<Napi::Object>();
    self.TypeTag(&kTag);
    self.DefineProperty(Napi::PropertyDescriptor::Value(
        "info", from_adapter_info(info.Env(), describe_adapter(adapter_->loaded())), napi_enumerable));
  });
}

Napi::Value AdapterObject::close(const Napi::CallbackInfo& info) {
  adapter_.reset();
  return info.Env().Undefined();
}

std::shared_ptr<const ResidentAdapter> AdapterObject::unwrap(const Napi::Value& value, std::string_view name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTag)) refuse(value, name, "an open adapter");
  const auto adapter = Unwrap(value.As<Napi::Object>())->adapter_;
  if (!adapter) throw Error("adapter.closed", "\"" + std::string(name) + "\" was closed", "Open the adapter again.");
  return adapter;
}

std::vector<AdapterUse> to_adapter_uses(const Napi::Value& value, std::string_view name,
                                        const std::shared_ptr<const ResidentModel>& base) {
  const Napi::Array list = to_array(value, name);
  std::vector<AdapterUse> uses;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const std::string item = std::string(name) + "[" + std::to_string(i) + "]";
    const Fields fields(list.Get(i), item);
    AdapterUse use{AdapterObject::unwrap(fields.get("adapter"), item + ".adapter"),
                   static_cast<float>(fields.number("strength", -1000, 1000))};
    if (!use.adapter->belongs_to(base)) {
      throw Error("adapter.other-model", "\"" + item + ".adapter\" was opened with another model",
                  "Open the adapter with the model that shall use it.");
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

std::vector<ActiveAdapter> active_adapters(const std::vector<AdapterUse>& uses) {
  std::vector<ActiveAdapter> active;
  for (const AdapterUse& use : uses) active.push_back({&use.adapter->adapter(), use.strength});
  return active;
}

Napi::Object from_adapter_info(Napi::Env env, const AdapterInfo& info) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("architecture", info.architecture);
  object.Set("name", info.name);
  object.Set("rank", static_cast<double>(info.rank));
  object.Set("alpha", info.alpha);
  object.Set("parameters", static_cast<double>(info.parameters));
  Napi::Array notices = Napi::Array::New(env, info.notices.size());
  for (size_t i = 0; i < info.notices.size(); ++i) notices.Set(static_cast<uint32_t>(i), info.notices[i]);
  object.Set("notices", notices);
  return object;
}

}  // namespace hone::binding
