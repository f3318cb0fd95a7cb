#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `NativeModel.checkpointAdapter(request)`.
Napi::Value start_checkpoint_adapter(Napi::Env env, const std::shared_ptr<const ResidentModel>& model,
                                     const Napi::Value& request);

}  // namespace hone::binding
