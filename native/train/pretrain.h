#pragma once

#include "gguf/metadata.h"
#include "model/weights.h"
#include "train/trainer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hone {

/// Shape and recipe of a small model that is trained from nothing.
struct PretrainOptions {
  int64_t vocabulary = 0;
  int64_t dim = 256, feed_forward = 768, layers = 5, heads = 4, groups = 4;
  int64_t context = 512;
  double rope_base = 10000;
  bool copying_start = false;  ///< see train/copying_start.h; else all weights start at random
  bool ternary = true;  ///< false: float32 weights and exact activations, for checking gradients

  int64_t steps = 1000;
  int64_t batch_tokens = 8192;  ///< per step
  int64_t micro_tokens = 2048;  ///< per forward and backward pass
  float learning_rate = 2e-3f;
  int64_t warmup_steps = 200;
  float floor = 0.05f;  ///< the cosine ends at this share of the rate
  float weight_decay = 0.05f;  ///< on matrices only
  float beta1 = 0.9f, beta2 = 0.95f;
  float clip_norm = 1;
  uint64_t seed = 1;
  int64_t validation_documents = 0;  ///< the last ones are kept apart
};

struct PretrainReport {
  int64_t step = 0, total = 0;
  double epoch = 0;
  double loss = 0;  ///< mean over the step's targets
  float learning_rate = 0;
  double gradient_norm = 0;
  int64_t tokens = 0;
  double tokens_per_second = 0;  ///< of this step
};

/// Trains a whole model of architecture bitnet. Linear layers have float32 masters; every step they are made ternary
/// with one scale per matrix (absmean: s = mean |W|, t = clamp(round(W / s), -1, 1)) and stored as TQ2_0 in the
/// model that runs, whose inputs are rounded to int8 per token. Gradients pass both roundings unchanged
/// (straight-through) into the masters. Only for backends with host memory.
class Pretrainer {
 public:
  /// Documents longer than the context are cut into pieces. The first token of a piece is never learned.
  /// Errors: "recipe.value", "data.empty", "data.token".
  Pretrainer(Backend& backend, const PretrainOptions& options, std::vector<Example> documents);
  ~Pretrainer();

  /// False when all steps are done.
  bool step(PretrainReport& report);

  /// Mean loss over the validation documents; 0 without any.
  double validate();

  int64_t steps_done() const noexcept;
  int64_t parameters() const noexcept;
  size_t bytes() const noexcept;  ///< memory it holds

  void save_checkpoint(const std::string& path) const;
  void load_checkpoint(const std::string& path);  ///< Error "checkpoint.mismatch"
  /// Begins with the weights of another run of the same model, whatever its recipe and data were.
  /// Error "checkpoint.mismatch".
  void start_from(const std::string& checkpoint);

  /// Writes the model: TQ2_0 matrices, F32 norms, F16 embedding, and the numbers llama.cpp and Hone need.
  /// `described` gives the general.* keys that say who it is (name, license, …) and the tokenizer.* keys.
  void write_model(const std::string& path, const Metadata& described) const;

  // For checks of the gradient: the loss of one row of all documents, and its gradient.
  double loss_and_gradient();
  Tensor master() const noexcept;    ///< all parameters, [1, n]
  Tensor gradient() const noexcept;  ///< of the same shape

  const ModelConfig& config() const noexcept;
  const ModelWeights& weights() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
