#pragma once

#include "model/block.h"
#include "model/lora.h"
#include "model/weights.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hone {

/// Whole documents laid end to end. Positions restart with each document, and attention stays inside it.
struct TrainingRow {
  std::vector<int32_t> tokens;
  std::vector<int32_t> positions;
  std::vector<int32_t> key_begin;  ///< index in this row of the first token of the same document
  std::vector<int32_t> targets;    ///< token to predict at each index, -1 where nothing is to be learned

  int64_t size() const noexcept { return static_cast<int64_t>(tokens.size()); }

  /// Appends a document. `learned[i]` says whether token i is a target; the first never is.
  void append(std::span<const int32_t> tokens, std::span<const uint8_t> learned);
};

/// Gradients of a whole model, for training from scratch. Absent tensors get none.
struct ModelGradients {
  std::vector<LayerGradients> layers;
  Tensor embedding;  ///< [V, D]; with a tied head of both uses
  Tensor head;       ///< [V, D] of an untied head
  Tensor output_norm;
};

struct PassOptions {
  int64_t tokens = 0;     ///< longest row
  int64_t positions = 0;  ///< longest document
  bool checkpointing = true;
  ActivationMode activations = ActivationMode::automatic;
  bool gradients = true;  ///< false: evaluation only, needs little memory
};

/// Chance in the forward pass that keeps an adapter from learning by heart.
struct Regularisation {
  float dropout = 0;          ///< share of the trained adapter's inputs that is left out
  float embedding_noise = 0;  ///< α of NEFTune: uniform noise within ±α/√(T·D) on the embeddings of T tokens
  uint64_t key = 0;           ///< must differ for each row of a run
};

/// What a row gave. Sums, so that rows can be added up.
struct LossSums {
  double loss = 0;  ///< sum of -log p over the targets
  int64_t targets = 0;
  int64_t correct = 0;  ///< targets that are the most likely token; counted by `evaluate` only
};

/// Forward and backward pass through a frozen model with adapters (or through all weights, see ModelGradients).
/// Block inputs are kept; what is inside a block is computed again when its gradient is due, or kept as well
/// without checkpointing, with the same bits.
class TrainingPass {
 public:
  /// `adapters` act in every pass; `trained`, when given, is one of them, and its gradients go to `gradients`
  /// (same shapes). All references must outlive the pass.
  TrainingPass(Backend& backend, const ModelConfig& config, const ModelWeights& weights, const PassOptions& options,
               std::vector<ActiveAdapter> adapters, const LoraAdapter* trained, const LoraAdapter* gradients);
  ~TrainingPass();

  /// Instead of adapters: train whole weights.
  void use(const ModelGradients* gradients);

  /// Adds the gradients of weight · sum of losses.
  LossSums learn(const TrainingRow& row, float weight, const Regularisation& regularisation = {});

  /// Loss and accuracy, without chance.
  LossSums evaluate(const TrainingRow& row);

  size_t bytes() const noexcept;  ///< memory it holds

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
