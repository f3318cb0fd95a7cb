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

/// What a run of `recipe` takes when its rows are as long as the recipe allows; a caller who knows that they are shorter
/// lowers `max_length`. Error "recipe.value".
Forecast forecast_training(const Model& model, const Recipe& recipe, unsigned threads);

}  // namespace hone::binding
