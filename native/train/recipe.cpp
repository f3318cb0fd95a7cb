#include "train/recipe.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace hone {
namespace {

template <class T, class Low, class High>
void in_range(const char* name, T value, Low low, High high) {
  if (value >= static_cast<T>(low) && value <= static_cast<T>(high)) return;  // false for NaN as well
  std::ostringstream text;
  text << name << " is " << value << ", possible are " << low << " to " << high;
  throw Error("recipe.value", text.str(), "Change this setting of the run.");
}

}  // namespace

void check_recipe(const Recipe& recipe, const ModelConfig& config) {
  constexpr int64_t kMany = 1'000'000'000;
  in_range("the rank", recipe.rank, 1, std::min<int64_t>(4096, config.dim));
  for (const auto& [projection, rank] : recipe.ranks) {
    const std::string name = "the rank of " + std::string(projection_name(projection));
    in_range(name.c_str(), rank, 1, std::min<int64_t>(4096, config.dim));
  }
  if (recipe.rank_stabilised && !recipe.ranks.empty()) {
    throw Error("recipe.value", "a rank-stabilised scale is set together with ranks of single projections",
                "An adapter file has one alpha, which cannot hold both. Leave one of them out.");
  }
  in_range("alpha", recipe.alpha, 1e-6, 1e6);
  in_range("dropout", recipe.dropout, 0.0, 0.95);
  in_range("the noise on embeddings", recipe.embedding_noise, 0.0, 100.0);
  in_range("the learning rate", recipe.learning_rate, 1e-12, 10.0);
  in_range("weight decay", recipe.weight_decay, 0.0, 10.0);
  in_range("beta1", recipe.beta1, 0.0, 0.99999);
  in_range("beta2", recipe.beta2, 0.0, 0.9999999);
  in_range("epsilon", recipe.epsilon, 1e-20, 1.0);
  in_range("the clipping norm", recipe.clip_norm, 0.0, 1e9);
  in_range("the floor of the learning rate", recipe.floor, 0.0, 1.0);
  in_range("warm-up steps", recipe.warmup_steps, 0, kMany);
  in_range("epochs", recipe.epochs, 1, 100'000);
  in_range("the number of steps", recipe.max_steps, 0, kMany);
  in_range("the batch size", recipe.batch_size, 1, 65536);
  in_range("tokens per micro-batch", recipe.batch_tokens, 0, 1 << 24);
  in_range("accumulation", recipe.accumulation, 1, 65536);
  in_range("the longest example", recipe.max_length, 0, config.context);
  in_range("steps between validations", recipe.validate_every, 0, kMany);
  in_range("the patience", recipe.patience, 0, kMany);
  if (recipe.projections.empty()) {
    throw Error("recipe.value", "no projection is chosen to be adapted", "Choose at least one, for example attn_q.");
  }
  auto sorted = recipe.projections;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    throw Error("recipe.value", "a projection is chosen twice");
  }
}

}  // namespace hone
