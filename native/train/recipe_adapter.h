#pragma once

#include "model/lora.h"
#include "train/recipe.h"

#include <memory>

namespace hone {

/// alpha as it is written into the adapter file: scale = alpha / r there, also for rank-stabilised ones.
float alpha_of(const Recipe& recipe) noexcept;

/// Zeroed memory for the adapter that a recipe trains on a model of `config`.
std::unique_ptr<LoraAdapter> adapter_of(Backend& backend, const ModelConfig& config, const Recipe& recipe, float alpha);

}  // namespace hone
