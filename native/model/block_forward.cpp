#include "model/block.h"
#include "ops/attention.h"
#include "ops/elementwise.h"
#include "ops/gated_activation.h"
#include "ops/linear.h"
#include "ops/rms_norm.h"
#include "ops/rope.h"
#include "ops/short_convolution.h"

namespace hone {
namespace {

bool same_view(const Tensor& a, const Tensor& b) { return a.buffer == b.buffer && a.offset == b.offset; }

/// y (+)= projection(x).
void project(const BlockContext& context, Projection projection, const Tensor& x, const Tensor& y, bool accumulate) {
  const LinearWeights& linear = context.weights.at(projection);
  context.backend.run(ops::Linear{.x = x,
                                  .w = linear.weight,
                                  .y = y,
                                  .activations = activations_for(context.activations, linear.weight),
                                  .accumulate = accumulate});
  for (const auto& lora : context.lora(projection)) {
    const auto own = [&lora](const Tensor& t) { return lora.rows ? t.slice_rows(lora.first_row, lora.rows) : t; };
    context.backend.run(ops::Lora{.x = own(x),
                                  .a = lora.a,
                                  .b = lora.b,
                                  .u = lora.u,
                                  .y = own(y),
                                  .scale = lora.scale,
                                  .dropout = lora.dropout});
  }
  if (linear.scale || linear.bias) {
    context.backend.run(ops::ScaleBias{.y = y, .scale = linear.scale, .bias = linear.bias});
  }
}

void normalise(const BlockContext& context, const Tensor& x, const Tensor& weight, const Tensor& y) {
  context.backend.run(ops::RmsNorm{.x = x, .w = weight, .y = y, .epsilon = context.config.epsilon});
}

/// y = base + norm(projection(x)), the norm only where the model has one. `raw` keeps the norm's input and may be
/// absent; `temporary` has the shape of y.
void project_onto(const BlockContext& context, Projection projection, const Tensor& x, const Tensor& norm,
                  const Tensor& raw, const Tensor& base, const Tensor& y, const Tensor& temporary) {
  const LinearWeights& linear = context.weights.at(projection);
  if (!same_view(base, y)) context.backend.run(ops::Copy{.x = base, .y = y});
  if (!linear.scale && !linear.bias && !norm) {
    project(context, projection, x, y, true);
    return;
  }
  const Tensor& product = norm && raw ? raw : temporary;
  project(context, projection, x, product, false);
  if (norm) normalise(context, product, norm, temporary);
  context.backend.run(ops::Add{.x = temporary, .y = y});
}

/// The norm over each head, then the rotation, in place on `x` [T, heads·d]; `raw` is the norm's input.
void prepare_heads(const BlockContext& context, const Tensor& raw, const Tensor& norm, const Tensor& x, int64_t heads) {
  const int64_t d = context.config.head_dim;
  if (norm) normalise(context, raw.reshape(raw.rows * heads, d), norm, x.reshape(x.rows * heads, d));
  if (!context.config.rotates(context.layer)) return;
  context.backend.run(ops::Rope{.x = x,
                                .positions = context.positions,
                                .cosine = context.rope.cosine,
                                .sine = context.rope.sine,
                                .heads = heads,
                                .pairing = context.config.rope.pairing});
}

/// Attention of every row over the sequence it belongs to; its key and value join that sequence's cache.
void attend_apart(const BlockContext& context, const BlockState& state) {
  for (int64_t row = 0; row < state.q.rows; ++row) {
    const OneRow& sequence = context.sequences[static_cast<size_t>(row)];
    context.backend.run(
        ops::Copy{.x = state.k.slice_rows(row, 1), .y = sequence.keys.slice_rows(sequence.past, 1)});
    context.backend.run(
        ops::Copy{.x = state.v.slice_rows(row, 1), .y = sequence.values.slice_rows(sequence.past, 1)});
    context.backend.run(ops::Attention{.q = state.q.slice_rows(row, 1),
                                       .k = sequence.keys,
                                       .v = sequence.values,
                                       .o = state.attended.slice_rows(row, 1),
                                       .key_begin = context.key_begin.slice_rows(row, 1),
                                       .lse = {},
                                       .heads = context.config.heads,
                                       .groups = context.config.groups,
                                       .past = sequence.past,
                                       .scale = context.config.attention_scale});
  }
}

/// state.attended = attention of the normalised rows.
void attend(const BlockContext& context, const BlockState& state, const Tensor& normalised) {
  const ModelConfig& config = context.config;
  const LayerWeights& weights = context.weights;
  const Tensor& q_raw = weights.query_norm ? state.q_raw : state.q;
  const Tensor& k_raw = weights.key_norm ? state.k_raw : state.k;
  project(context, Projection::q, normalised, q_raw, false);
  project(context, Projection::k, normalised, k_raw, false);
  project(context, Projection::v, normalised, state.v, false);
  prepare_heads(context, q_raw, weights.query_norm, state.q, config.heads);
  prepare_heads(context, k_raw, weights.key_norm, state.k, config.groups);
  if (!context.sequences.empty()) return attend_apart(context, state);
  if (state.keys.dtype != DType::F32) {
    context.backend.run(ops::Copy{.x = state.k, .y = state.keys.slice_rows(context.past, state.k.rows)});
    context.backend.run(ops::Copy{.x = state.v, .y = state.values.slice_rows(context.past, state.v.rows)});
  }
  context.backend.run(ops::Attention{.q = state.q,
                                     .k = state.keys,
                                     .v = state.values,
                                     .o = state.attended,
                                     .key_begin = context.key_begin,
                                     .lse = state.lse,
                                     .heads = config.heads,
                                     .groups = config.groups,
                                     .past = context.past,
                                     .scale = config.attention_scale});
}

/// state.attended = short convolution of the normalised rows.
void convolve(const BlockContext& context, const BlockState& state, const Tensor& normalised) {
  project(context, Projection::conv_in, normalised, state.convolution, false);
  for (size_t i = 0; i < context.sequences.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    context.backend.run(ops::ShortConvolution{.input = state.convolution.slice_rows(row, 1),
                                              .w = context.weights.convolution,
                                              .history = context.sequences[i].history,
                                              .y = state.attended.slice_rows(row, 1),
                                              .key_begin = context.key_begin.slice_rows(row, 1),
                                              .past = context.sequences[i].past});
  }
  if (!context.sequences.empty()) return;
  context.backend.run(ops::ShortConvolution{.input = state.convolution,
                                            .w = context.weights.convolution,
                                            .history = state.history,
                                            .y = state.attended,
                                            .key_begin = context.key_begin,
                                            .past = context.past});
}

}  // namespace

void forward_block(const BlockContext& context, const BlockState& state, const BlockScratch& scratch, const Tensor& x,
                   const Tensor& y, bool recompute) {
  const ModelConfig& config = context.config;
  const LayerWeights& weights = context.weights;
  const bool convolution = config.is_convolution(context.layer);

  // Attention, or the convolution in its place.
  normalise(context, x, weights.attention_norm, scratch.normalised);
  convolution ? convolve(context, state, scratch.normalised) : attend(context, state, scratch.normalised);
  Tensor attended = state.attended;
  if (weights.attention_sub_norm) {
    attended = scratch.attended;
    normalise(context, state.attended, weights.attention_sub_norm, attended);
  }
  project_onto(context, convolution ? Projection::conv_out : Projection::output, attended, weights.attention_post_norm,
               state.output_raw, x, state.middle, scratch.normalised);

  // Feed-forward.
  normalise(context, state.middle, weights.feed_forward_norm, scratch.normalised);
  project(context, Projection::gate, scratch.normalised, state.gate, false);
  project(context, Projection::up, scratch.normalised, state.up, false);
  const bool product = !recompute || weights.feed_forward_post_norm;
  if (!product && context.lora(Projection::down).empty()) return;
  context.backend.run(
      ops::GatedActivation{.gate = state.gate, .up = state.up, .y = scratch.hidden, .kind = config.activation});
  if (weights.feed_forward_sub_norm) {
    normalise(context, scratch.hidden, weights.feed_forward_sub_norm, scratch.hidden);
  }
  if (product) {
    project_onto(context, Projection::down, scratch.hidden, weights.feed_forward_post_norm, state.down_raw,
                 state.middle, y, scratch.normalised);
    return;
  }
  for (const auto& lora : context.lora(Projection::down)) {  // only u is wanted
    context.backend.run(ops::Lora{.x = scratch.hidden,
                                  .a = lora.a,
                                  .b = lora.b,
                                  .u = lora.u,
                                  .y = scratch.normalised,
                                  .scale = lora.scale,
                                  .dropout = lora.dropout});
  }
}

}  // namespace hone
