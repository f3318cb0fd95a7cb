#include "train/recipe_adapter.h"

#include <cmath>
#include <utility>

namespace hone {

float alpha_of(const Recipe& recipe) noexcept {
  const float root = std::sqrt(static_cast<float>(recipe.rank));
  return recipe.rank_stabilised ? recipe.alpha * root : recipe.alpha;
}

std::unique_ptr<LoraAdapter> adapter_of(Backend& backend, const ModelConfig& config, const Recipe& recipe, float alpha) {
  auto shapes = lora_shapes(config, recipe.projections, recipe.rank, recipe.ranks);
  return std::make_unique<LoraAdapter>(backend, std::move(shapes), alpha);
}

}  // namespace hone
