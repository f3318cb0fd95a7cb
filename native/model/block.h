#pragma once

#include "model/arena.h"
#include "model/config.h"
#include "model/rope_tables.h"
#include "model/weights.h"
#include "ops/lora.h"

#include <array>
#include <span>
#include <vector>

namespace hone {

/// One LoRA pair at work on one projection of one block.
struct LoraUse {
  Tensor a, b;  ///< [r, in], [out, r]
  Tensor u;     ///< [T, r]: input of B, written by the forward pass
  float scale = 1;
  ops::Dropout dropout;
  int64_t first_row = 0, rows = 0;    ///< of x that it acts on; 0 rows: all
  Projection target = Projection::q;  ///< matrix of the pair; parts of a fused one share the dropout mask
  Tensor da, db;  ///< gradients to add to; absent for an adapter that is not trained
};

/// Gradients of whole weights, float32, added to by the backward pass. Only for training a model from scratch.
struct LayerGradients {
  std::array<Tensor, kProjections> projections;
  Tensor attention_norm, attention_sub_norm, query_norm, key_norm;
  Tensor feed_forward_norm, feed_forward_sub_norm;
};

/// A row that belongs to a sequence of its own, when several sequences are run at once, one token each.
struct OneRow {
  Tensor keys, values;  ///< [past + 1, G·d] of its cache: the last row is written
  Tensor history;       ///< [past + 1, D], see ops::ShortConvolution
  int64_t past = 0;
};

/// What a block works with in one call: its weights and everything around them. T rows are run at once.
struct BlockContext {
  Backend& backend;
  const ModelConfig& config;
  const LayerWeights& weights;
  int64_t layer = 0;
  ActivationMode activations = ActivationMode::automatic;
  RopeTables rope;   ///< those of this layer, as is key_begin: local layers have their own
  Tensor positions;  ///< [T, 1] int32
  Tensor key_begin;  ///< [T, 1] int32, see ops::Attention
  int64_t past = 0;  ///< keys that precede these rows
  std::array<std::vector<LoraUse>, kProjections> loras = {};
  const LayerGradients* gradients = nullptr;
  std::span<const OneRow> sequences = {};  ///< one for each row; empty when all rows are of one sequence

  const std::vector<LoraUse>& lora(Projection projection) const { return loras[static_cast<size_t>(projection)]; }
};

/// What the forward pass leaves for the backward pass; all that is not here is computed again from it.
/// For inference `lse` and the inputs of post norms are absent, and `k`, `v` and `history` are rows of the cache.
struct BlockState {
  Tensor q, k, v;          ///< [T, H·d], [T, G·d], [T, G·d]; q and k after rotation
  Tensor q_raw, k_raw;     ///< before the head norms; absent without them
  Tensor keys, values;     ///< [past + T, G·d]: what attention reads; ends with k and v, or copies in another type
  Tensor convolution;      ///< [T, 3D]: input of a short convolution; absent in models without them
  Tensor history;          ///< [past + T, D]: see ops::ShortConvolution
  Tensor attended;         ///< [T, H·d]: output of attention or of the convolution
  Tensor output_raw;       ///< [T, D]: before the post norm of attention; absent without one
  Tensor lse;              ///< [T, H]
  Tensor middle;           ///< [T, D]: x + attention
  Tensor gate, up;         ///< [T, F]
  Tensor down_raw;         ///< [T, D]: before the post norm of the feed-forward part; absent without one
};

/// First key that query number `query` of a local layer sees, where it is `begin` in other layers (see key_begin).
constexpr int32_t window_start(int32_t query, int32_t begin, int64_t window) noexcept {
  const int64_t first = query - window + 1;
  return first > begin ? static_cast<int32_t>(first) : begin;
}

/// Rows [0, tokens) of every tensor of a state made for more.
BlockState first_rows(const BlockState& state, int64_t tokens);

/// Memory for one block's state in training, lse included.
BlockState make_block_state(Arena& arena, const ModelConfig& config, int64_t tokens);

/// Buffers that live within one call.
struct BlockScratch {
  Tensor normalised;  ///< [T, D]
  Tensor attended;    ///< [T, H·d], after the sub-norm
  Tensor hidden;      ///< [T, F]
};

BlockScratch make_block_scratch(Arena& arena, const ModelConfig& config, int64_t tokens);
BlockScratch first_rows(const BlockScratch& scratch, int64_t tokens);

/// Further buffers of the backward pass.
struct BackwardScratch {
  Tensor normalised;    ///< [T, D]: gradient of a norm's output
  Tensor hidden_norm;   ///< [T, F]: output of the sub-norm, then gradient of its input
  Tensor d_hidden;      ///< [T, F]
  Tensor d_attended;    ///< [T, H·d]
  Tensor d_sub;         ///< [T, H·d]: gradient of the sub-norm's output
  Tensor d_projected;   ///< [T, D]: gradient of a post norm's input
  Tensor dq, dk, dv;
  Tensor d_convolution; ///< [T, 3D]
  Tensor scaled;        ///< [T, widest output]: only for models with `.scale` tensors
};

BackwardScratch make_backward_scratch(Arena& arena, const ModelConfig& config, bool scales, int64_t tokens);
BackwardScratch first_rows(const BackwardScratch& scratch, int64_t tokens);

/// Runs one block: y = block(x). `y` and `state.middle` may each be the view of x when the backward pass will not
/// need it. With `recompute` only the state is made again, and the last product is left out unless a post norm needs
/// it: y is scratch then.
void forward_block(const BlockContext& context, const BlockState& state, const BlockScratch& scratch, const Tensor& x,
                   const Tensor& y, bool recompute = false);

/// How deep a backward pass must go within its lowest block.
enum class BlockStage { down, gate_up, output, qkv, input };

/// In: dx is the gradient of the block's output. Out, when `until` is `input`: of its input. With another stage the
/// pass ends when the gradients of that stage's adapters are known. Overwrites gate and up of `state`.
void backward_block(const BlockContext& context, const BlockState& state, const BlockScratch& scratch,
                    const BackwardScratch& backward, const Tensor& x, const Tensor& dx, BlockStage until);

}  // namespace hone
