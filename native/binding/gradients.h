#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `NativeModel.gradients(request)` and `.steps(request)`.
Napi::Value start_gradients(Napi::Env env, const std::shared_ptr<const ResidentModel>& model,
                            const Napi::Value& request);
Napi::Value start_steps(Napi::Env env, const std::shared_ptr<const ResidentModel>& model, const Napi::Value& request);

}  // namespace hone::binding
