#pragma once

#include "binding/adapter_object.h"
#include "infer/generate.h"

#include <napi.h>

#include <memory>
#include <vector>

namespace hone::binding {

/// Starts `request` ({prompt, adapters, sampling}) and gives a `NativeGeneration`. It runs on, and keeps model and adapters in
/// memory, whatever JavaScript does with the handle.
Napi::Object start_generation(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                              const Napi::Value& on_text);

}  // namespace hone::binding
