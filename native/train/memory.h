#pragma once

#include "model/weights.h"
#include "train/recipe.h"

#include <cstddef>
#include <cstdint>

namespace hone {

/// Bytes a run needs at its peak, by what they are for.
struct MemoryForecast {
  size_t weights = 0;  ///< the base model; mapped pages count, as every step touches them all
  size_t adapter = 0;  ///< weights, gradients and both moments
  size_t stored = 0;   ///< what the forward pass keeps for the backward pass
  size_t working = 0;  ///< one block being computed again and differentiated
  size_t head = 0;     ///< the input of the loss, its gradient, and what is kept of every token
  size_t scratch = 0;  ///< what the kernels hold beside the tensors: logits, rounded inputs, unpacked tiles
  size_t program = 0;  ///< the engine itself and the vocabulary
  size_t total = 0;    ///< the sum
};

/// For rows of `row_tokens` and examples of at most `longest` tokens (see RunPlan).
MemoryForecast forecast_memory(const ModelConfig& config, const ModelWeights& weights, const Recipe& recipe,
                               int64_t row_tokens, int64_t longest, unsigned threads);

}  // namespace hone
