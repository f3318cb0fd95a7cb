#pragma once

#include "binding/training_run.h"

#include <napi.h>

namespace hone::binding {

/// `NativeRecipe`. `batchSize` examples are computed in equal parts, at least `accumulation` of them.
Recipe to_recipe(const Napi::Value& value, const std::string& name);

/// `NativeTrainRequest`, copied.
TrainingRequest to_training_request(const Napi::Value& value);

}  // namespace hone::binding
