#pragma once

#include "model/arena.h"
#include "model/config.h"
#include "model/weights.h"

#include <span>
#include <vector>

namespace hone {

/// Angle and magnitude of each rotated pair: cos and sin of position · `frequency[j]`, times `magnitude`.
struct RopeFrequencies {
  std::vector<double> frequency;  ///< [n_rot/2] radians per position
  double magnitude = 1;
};

/// `factors` [n_rot/2] divide the frequencies (Llama 3); empty: none.
RopeFrequencies rope_frequencies(const RopeConfig& rope, std::span<const float> factors);

/// The tables that ops::Rope reads: [positions, n_rot/2] float32, computed in double.
struct RopeTables {
  Tensor cosine, sine;
};

RopeTables make_rope_tables(Arena& arena, const RopeFrequencies& frequencies, int64_t positions);

/// The tables of every layer of a model. Local layers turn with base 10000 and without scaling, whatever the file says.
struct ModelRopes {
  RopeTables global, local;  ///< `local` is absent in models without such layers

  const RopeTables& of(const ModelConfig& config, int64_t layer) const {
    return config.is_local(layer) ? local : global;
  }
};

/// For sequences of up to `positions` tokens; where the model has frequency factors for long contexts, that decides
/// which are used.
ModelRopes make_model_ropes(Arena& arena, const ModelConfig& config, const ModelWeights& weights, int64_t positions);

}  // namespace hone
