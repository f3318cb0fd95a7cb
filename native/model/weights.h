#pragma once

#include "model/arena.h"
#include "model/config.h"
#include "ops/linear.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace hone {

class GgufFile;

/// y = (x · weightᵀ (+ LoRA)) · scale + bias. `scale` [1, 1] and `bias` [1, out] float32 are absent for most models.
struct LinearWeights {
  Tensor weight;  ///< [out, in], any type
  Tensor scale, bias;
};

/// One block. What is absent belongs to other architectures. Norms are [1, n] float32. Of a fused matrix both
/// the whole (`qkv`, `gate_up`) and its parts (`q`, `k`, `v`, `gate`, `up`: rows of it) are here; products use
/// the parts.
struct LayerWeights {
  Tensor attention_norm, attention_sub_norm, query_norm, key_norm, attention_post_norm;
  Tensor feed_forward_norm, feed_forward_sub_norm, feed_forward_post_norm;
  Tensor convolution;  ///< [D, K] float32
  std::array<LinearWeights, kProjections> projections;

  LinearWeights& at(Projection projection) { return projections[static_cast<size_t>(projection)]; }
  const LinearWeights& at(Projection projection) const { return projections[static_cast<size_t>(projection)]; }
};

/// All tensors of a model on one backend. Tensors point into `arena`.
struct ModelWeights {
  std::unique_ptr<Arena> arena;
  Tensor embedding;  ///< [V, D]
  Tensor output_norm;
  LinearWeights head;               ///< the embedding again when tied
  std::vector<float> rope_factors;       ///< [n_rot/2] or empty
  std::vector<float> long_rope_factors;  ///< instead of `rope_factors` beyond the original context; or empty
  std::vector<LayerWeights> layers;
  size_t bytes = 0;                 ///< of all tensors as stored
};

/// Places every tensor of `file` on `backend`: matrices as they are (a CPU points into the mapped file), vectors
/// as float32. Error "model.tensor" names tensors that are missing, unknown, of another shape (found, expected)
/// or of a type that cannot be run.
ModelWeights load_weights(std::shared_ptr<const GgufFile> file, const ModelConfig& config, Backend& backend);

/// Reads every matrix once and throws Error "model.not-finite" naming the first that holds an infinity or NaN (a
/// damaged scale of a block): such a model may seem to work and then spoil a training run. A second or two for a billion
/// of them, on the host where it can see them, else on the device of `backend`.
void check_finite(const ModelWeights& weights, Backend& backend);

/// How inputs of matrix products are treated: `automatic` rounds them to int8 per token where the matrix is ternary,
/// as such models were trained, and is `fine` (ops/linear.h) elsewhere; `exact` never rounds; `rounded` rounds for every
/// matrix of a block.
enum class ActivationMode { automatic, exact, rounded };

/// The treatment for one matrix. The input of the head is never rounded to 8 bits, whatever the mode.
ops::Activations activations_for(ActivationMode mode, const Tensor& weight) noexcept;

}  // namespace hone
