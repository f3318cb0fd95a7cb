#pragma once

#include "model/arena.h"
#include "model/config.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hone {

/// The low-rank change of one matrix: y += scale · B(A x). Both float32.
struct LoraPair {
  int64_t layer = 0;  ///< -1: the output head of an untied model
  Projection projection = Projection::q;
  Tensor a;  ///< [r, in]
  Tensor b;  ///< [out, r]

  int64_t rank() const noexcept { return a.rows; }
  std::string tensor_name() const;  ///< "blk.3.attn_q.weight", "output.weight"
};

/// Shape of a pair before memory exists for it.
struct LoraShape {
  int64_t layer = 0;
  Projection projection = Projection::q;
  int64_t rank = 0, inputs = 0, outputs = 0;
};

/// Pairs of one adapter, all in one buffer so that the optimiser sees a single vector. Gradients and moments are
/// further `LoraAdapter`s of the same shapes (`like`).
class LoraAdapter {
 public:
  /// Zeroed memory for `shapes`, kept in the order of the GGUF writer: by layer, then by projection.
  LoraAdapter(Backend& backend, std::vector<LoraShape> shapes, float alpha);

  static std::unique_ptr<LoraAdapter> like(Backend& backend, const LoraAdapter& other);

  /// Never given twice in a process, so that caches can tell adapters apart.
  uint64_t id() const noexcept { return id_; }

  /// alpha of the file; 0 means "no alpha": the scale is then the strength alone.
  float alpha() const noexcept { return alpha_; }
  const std::vector<LoraPair>& pairs() const noexcept { return pairs_; }
  const std::vector<LoraShape>& shapes() const noexcept { return shapes_; }

  /// The pair on one matrix, nullptr where there is none.
  const LoraPair* find(int64_t layer, Projection projection) const noexcept;
  const LoraPair* head() const noexcept;

  /// Factor of B·A for a person's `strength`: strength · alpha / r, or strength when alpha is 0.
  float scale(const LoraPair& pair, float strength = 1) const noexcept;

  /// All numbers as one row, with zero padding between tensors: [1, n].
  Tensor flat() const noexcept { return flat_; }
  int64_t parameters() const noexcept { return parameters_; }  ///< without padding
  Backend& backend() const noexcept { return *backend_; }

 private:
  uint64_t id_;
  Backend* backend_;
  Arena arena_;
  std::vector<LoraShape> shapes_;
  std::vector<LoraPair> pairs_;
  std::vector<int32_t> index_;  ///< (layer, projection) -> pair, -1 where none
  Tensor flat_;
  float alpha_;
  int64_t parameters_ = 0;
};

/// An adapter in use. Several may act at once; their changes add up.
struct ActiveAdapter {
  const LoraAdapter* adapter = nullptr;
  float strength = 1;
};

/// Shapes of a new adapter on `projections` of all layers of `config`: on the matrices that do their work in each
/// layer. A fused matrix is adapted when one of its parts is asked for, the input matrix of a short convolution for q,
/// k or v, its output matrix for `output`.
/// `ranks` holds the projections whose rank is not `rank`; a matrix that stands for several gets the largest.
std::vector<LoraShape> lora_shapes(const ModelConfig& config, std::span<const Projection> projections, int64_t rank,
                                   const std::map<Projection, int64_t>& ranks = {});

/// A ~ uniform(-1/sqrt(in), 1/sqrt(in)) from the counter-based generator, B = 0: the adapter starts as no change.
void initialise_lora(LoraAdapter& adapter, uint64_t seed);

}  // namespace hone
