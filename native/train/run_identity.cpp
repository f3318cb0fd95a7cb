#include "train/run_identity.h"

#include "train/fingerprint.h"

namespace hone {

std::string recipe_fingerprint(const Recipe& recipe) {
  Fingerprint fingerprint;
  fingerprint.add(recipe.rank).add(recipe.alpha).add(recipe.rank_stabilised).add(recipe.dropout);
  fingerprint.add(recipe.embedding_noise).add(recipe.ranks.size());
  for (const auto& [projection, rank] : recipe.ranks) fingerprint.add(projection).add(rank);
  fingerprint.add(recipe.projections.size());
  for (const auto projection : recipe.projections) fingerprint.add(projection);
  fingerprint.add(recipe.learning_rate).add(recipe.weight_decay).add(recipe.beta1).add(recipe.beta2);
  fingerprint.add(recipe.epsilon).add(recipe.clip_norm).add(recipe.schedule).add(recipe.warmup_steps);
  fingerprint.add(recipe.floor).add(recipe.epochs).add(recipe.max_steps).add(recipe.batch_size);
  fingerprint.add(recipe.batch_tokens).add(recipe.accumulation).add(recipe.max_length).add(recipe.packing);
  fingerprint.add(recipe.activations).add(recipe.seed);
  if (recipe.patience > 0) fingerprint.add(recipe.patience).add(recipe.validate_every);
  return fingerprint.text();
}

std::string model_fingerprint(const ModelConfig& config) {
  Fingerprint fingerprint;
  fingerprint.add(config.architecture).add(config.dim).add(config.feed_forward).add(config.layers).add(config.heads);
  fingerprint.add(config.groups).add(config.head_dim).add(config.vocabulary).add(config.activation);
  return fingerprint.text();
}

}  // namespace hone
