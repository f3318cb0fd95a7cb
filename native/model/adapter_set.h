#pragma once

#include "model/arena.h"
#include "model/block.h"
#include "model/lora.h"

#include <span>
#include <vector>

namespace hone {

/// Lays the active adapters over the projections of a model: for every layer the pairs to run, each with its share
/// of one buffer for the `u` of up to `tokens` rows. The buffer is shared by all layers, as a layer's u is only
/// needed until the layer is done; with `keep_all` every layer has its own (training without checkpointing).
class AdapterSet {
 public:
  /// `config` must outlive the set.
  AdapterSet(Arena& arena, const ModelConfig& config, std::span<const ActiveAdapter> adapters, int64_t tokens,
             bool keep_all = false);

  /// Pairs of one layer for `tokens` rows, by the products that they act on: a pair on a fused matrix acts on each of
  /// its parts with rows of B, and the parts share u. Gradients go to
  /// `gradients` for the adapter `trained` (may be null).
  std::array<std::vector<LoraUse>, kProjections> layer(int64_t layer, int64_t tokens,
                                                       const LoraAdapter* trained = nullptr,
                                                       const LoraAdapter* gradients = nullptr) const;

 private:
  const ModelConfig* config_;
  std::vector<ActiveAdapter> adapters_;
  /// [layer or 0][projection][adapter] -> [tokens * rank] floats; absent where there is no pair.
  std::vector<std::array<std::vector<Tensor>, kProjections>> u_;
  bool keep_all_;
};

}  // namespace hone
