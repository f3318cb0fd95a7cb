#pragma once

#include "infer/model_info.h"

#include <napi.h>

namespace hone::binding {

/// `ModelInfo` of shared/models/model.ts.
Napi::Object from_model_info(Napi::Env env, const ModelInfo& info);

}  // namespace hone::binding
