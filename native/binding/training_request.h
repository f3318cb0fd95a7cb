#pragma once

#include "binding/training_run.h"

#include <napi.h>

namespace hone::binding {

/// `NativeRecipe` in the engine's words.
struct SettledRecipe {
  Recipe recipe;
  int64_t checkpoint_every = 0;  ///< steps; 0: only at the end
};

/// `batchSize` examples are computed in equal parts, at least `accumulation` of them.
SettledRecipe to_recipe(const Napi::Value& value, const std::string& name);

/// `NativeRows`: rows laid end to end.
std::vector<Example> to_examples(const Napi::Value& value, const std::string& name);

/// A share of the time, from a hundredth to all of it.
double to_duty(const Napi::Value& value, const std::string& name);

/// `NativeTrainRequest`, copied.
TrainingRequest to_training_request(const Napi::Value& value);

}  // namespace hone::binding
