#pragma once

#include "model/config.h"
#include "train/recipe.h"

#include <string>

namespace hone {

/// Everything of a recipe that decides the result; checkpointing does not, and validation only with a patience.
std::string recipe_fingerprint(const Recipe& recipe);

/// The shapes of a model and what it computes with them. Not its weights: whose file it is, is checked by those who open it.
std::string model_fingerprint(const ModelConfig& config);

}  // namespace hone
