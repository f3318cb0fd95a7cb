#pragma once

#include "infer/resident_model.h"
#include "model/adapter_info.h"

#include <napi.h>

#include <memory>
#include <string_view>
#include <vector>

namespace hone::binding {

/// `NativeAdapter`: a handle on an adapter in memory. Work in progress keeps the adapter when JavaScript closes it.
class AdapterObject : public Napi::ObjectWrap<AdapterObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object wrap(Napi::Env env, std::shared_ptr<const ResidentAdapter> adapter);

  explicit AdapterObject(const Napi::CallbackInfo& info);

  /// Error "addon.argument" for anything that is not a NativeAdapter, "adapter.closed" for a closed one.
  static std::shared_ptr<const ResidentAdapter> unwrap(const Napi::Value& value, std::string_view name);

 private:
  Napi::Value close(const Napi::CallbackInfo& info);

  std::shared_ptr<const ResidentAdapter> adapter_;
};

/// An adapter at work, kept in memory by whoever holds this.
struct AdapterUse {
  std::shared_ptr<const ResidentAdapter> adapter;
  float strength = 1;
};

/// `readonly NativeActiveAdapter[]`. Error "adapter.other-model" for one that was opened with another model.
std::vector<AdapterUse> to_adapter_uses(const Napi::Value& value, std::string_view name,
                                        const std::shared_ptr<const ResidentModel>& base);

std::vector<ActiveAdapter> active_adapters(const std::vector<AdapterUse>& uses);

Napi::Object from_adapter_info(Napi::Env env, const AdapterInfo& info);

}  // namespace hone::binding
