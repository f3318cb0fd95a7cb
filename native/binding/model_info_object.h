#pragma once

#include "binding/convert.h"
#include "infer/model_info.h"

#include <napi.h>

namespace hone::binding {

/// The activations that a person can choose between.
inline constexpr Choice<ops::ActivationKind> kActivations[] = {{"silu", ops::ActivationKind::silu},
                                                               {"relu2", ops::ActivationKind::relu2}};

/// `ModelInfo` of shared/models/model.ts.
Napi::Object from_model_info(Napi::Env env, const ModelInfo& info);

}  // namespace hone::binding
