#pragma once

#include "model/projection.h"
#include "model/weights.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hone {

enum class Schedule { constant, linear, cosine };

/// Every setting of a LoRA run, settled: the engine adds no defaults of its own and changes none.
struct Recipe {
  // The adapter.
  int64_t rank = 8;
  std::map<Projection, int64_t> ranks;  ///< of projections that get another one; their scale is alpha / their rank
  float alpha = 16;
  bool rank_stabilised = false;  ///< rsLoRA: scale alpha/√r; written as alpha·√r in the adapter file
  float dropout = 0;             ///< on the adapter's input, training only
  float embedding_noise = 0;     ///< α of NEFTune, around 5; training only
  std::vector<Projection> projections{kPlainProjections.begin(), kPlainProjections.end()};

  // The optimiser.
  float learning_rate = 2e-4f;
  float weight_decay = 0;
  float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
  float clip_norm = 1;  ///< of the whole gradient; 0: no clipping
  Schedule schedule = Schedule::cosine;
  int64_t warmup_steps = 0;
  float floor = 0;  ///< lowest rate as a fraction of `learning_rate`, for linear and cosine

  // The amount. A step has `accumulation` micro-batches. A micro-batch holds `batch_size` examples, or, when
  // `batch_tokens` is not 0, as many whole examples as fit in so many tokens (at least one).
  int64_t epochs = 1;
  int64_t max_steps = 0;  ///< not 0: stop after so many steps, however many epochs that is
  int64_t batch_size = 1;
  int64_t batch_tokens = 0;
  int64_t accumulation = 1;
  int64_t max_length = 0;  ///< examples are cut to so many tokens; 0: the model's context
  bool packing = true;     ///< examples of a micro-batch run as one row with separate attention, else one by one

  // The computation. None of these changes what is learned.
  bool checkpointing = true;  ///< keep block inputs only and compute block internals again (bit-identical)
  ActivationMode activations = ActivationMode::automatic;

  int64_t validate_every = 0;  ///< steps; 0: only at the end (when there is validation data)
  /// Not 0: the run ends after so many validations in a row without a lower loss, and its adapter is that of the lowest.
  int64_t patience = 0;
  uint64_t seed = 1;           ///< of adapter, order and dropout
};

/// Throws Error "recipe.value" naming the setting, the value and the limit.
void check_recipe(const Recipe& recipe, const ModelConfig& config);

}  // namespace hone
