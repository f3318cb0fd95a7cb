#pragma once

#include <napi.h>

namespace hone::binding {

/// What one environment (a window host, a worker) keeps of the addon.
struct Instance {
  Napi::FunctionReference model_class;
  Napi::FunctionReference adapter_class;

  static Instance& of(Napi::Env env) { return *env.GetInstanceData<Instance>(); }
};

}  // namespace hone::binding
