#pragma once

#include "model/arena.h"
#include "model/config.h"
#include "model/weights.h"
#include "train/training_pass.h"

#include <cstdint>
#include <vector>

namespace hone {

/// All parameters of a model as one float32 row: first the matrices, then the norms, so that weight decay can act on
/// the first part alone. Gradients and moments are further stores of the same layout.
class ParameterStore {
 public:
  ParameterStore(Backend& backend, const ModelConfig& config);

  Tensor flat() const noexcept { return flat_; }
  Tensor matrices() const { return part(0, matrix_size_); }
  Tensor norms() const { return part(matrix_size_, flat_.columns - matrix_size_); }
  size_t bytes() const noexcept { return arena_.bytes(); }
  Backend& backend() const noexcept { return arena_.backend(); }

  Tensor embedding, output_norm;
  std::vector<LayerGradients> layers;  ///< views: one tensor per parameter tensor

  /// The same views in the form the backward pass takes.
  ModelGradients as_gradients() const;

 private:
  Tensor part(int64_t begin, int64_t count) const;

  Arena arena_;
  Tensor flat_;
  int64_t matrix_size_ = 0;
};

/// Normal numbers with mean 0: element i depends on key and i only.
std::vector<float> normal_values(size_t count, double deviation, uint64_t key);

/// Random start: matrices normal with 1/sqrt(inputs), those that write to the residual stream smaller by
/// 1/sqrt(2 L), embedding 0.02, norms 1.
void initialise_parameters(ParameterStore& store, const ModelConfig& config, uint64_t seed);

}  // namespace hone
