#pragma once

#include "train/recipe.h"

#include <cstddef>
#include <cstdint>

namespace hone {
class Model;
}

namespace hone::binding {

struct Forecast {
  size_t peak_bytes = 0;  ///< of a training run, weights of the model included
  int64_t trainable_parameters = 0;
};

/// What a run of `recipe` takes when its rows are as long as the recipe allows. The run's own buffers are laid out for a
/// moment and counted: memory that nobody writes to is not taken from the machine. Errors: "recipe.value";
/// "memory.exhausted" where even that is refused.
Forecast forecast_training(const Model& model, const Recipe& recipe);

}  // namespace hone::binding
