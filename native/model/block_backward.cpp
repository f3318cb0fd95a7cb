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

struct Pass {
  const BlockContext& context;
  const BackwardScratch& scratch;

  Backend& backend() const { return context.backend; }

  Tensor gradient(Projection projection) const {
    return context.gradients ? context.gradients->projections[static_cast<size_t>(projection)] : Tensor{};
  }

  /// From dy, the gradient of projection(x): those of adapters and weights, and dx (+)= when dx is given.
  void project(Projection projection, const Tensor& x, Tensor dy, const Tensor& dx, bool accumulate) const {
    const LinearWeights& linear = context.weights.at(projection);
    if (linear.scale) {
      Tensor scaled = scratch.scaled;
      scaled.columns = scaled.stride = dy.columns;  // the widest output has room for every narrower one
      backend().run(ops::Copy{.x = dy, .y = scaled});
      backend().run(ops::ScaleBias{.y = scaled, .scale = linear.scale, .bias = {}});
      dy = scaled;
    }
    if (dx) {
      backend().run(ops::LinearBackward{.dy = dy,
                                        .w = linear.weight,
                                        .dx = dx,
                                        .activations = activations_for(context.activations, linear.weight),
                                        .accumulate = accumulate});
    }
    for (const auto& lora : context.lora(projection)) {
      if (!lora.da && !dx) continue;
      backend().run(ops::LoraBackward{.x = x,
                                      .a = lora.a,
                                      .b = lora.b,
                                      .u = lora.u,
                                      .dy = dy,
                                      .da = lora.da,
                                      .db = lora.db,
                                      .dx = dx,
                                      .scale = lora.scale,
                                      .dropout = lora.dropout});
    }
    if (const Tensor dw = gradient(projection)) backend().run(ops::LinearWeightGradient{.dy = dy, .x = x, .dw = dw});
  }

  void normalise(const Tensor& x, const Tensor& weight, const Tensor& y) const {
    backend().run(ops::RmsNorm{.x = x, .w = weight, .y = y, .epsilon = context.config.epsilon});
  }

  void normalise_backward(const Tensor& x, const Tensor& weight, const Tensor& dy, const Tensor& dx, const Tensor& dw,
                          bool accumulate) const {
    backend().run(ops::RmsNormBackward{.x = x,
                                       .w = weight,
                                       .dy = dy,
                                       .dx = dx,
                                       .dw = dw,
                                       .epsilon = context.config.epsilon,
                                       .accumulate = accumulate});
  }

  /// Gradient of the input of a post norm: `dy` itself where the model has none.
  Tensor post_norm(const Tensor& raw, const Tensor& norm, const Tensor& dy) const {
    if (!norm) return dy;
    normalise_backward(raw, norm, dy, scratch.d_projected, {}, false);
    return scratch.d_projected;
  }

  /// Undoes rotation and head norm on the gradient of q or k, in place up to the norm; the result is in `dx`.
  void heads(const Tensor& raw, const Tensor& norm, const Tensor& dx, const Tensor& dw, int64_t heads) const {
    const ModelConfig& config = context.config;
    if (config.rotates(context.layer)) {
      backend().run(ops::Rope{.x = dx,
                              .positions = context.positions,
                              .cosine = context.rope.cosine,
                              .sine = context.rope.sine,
                              .heads = heads,
                              .pairing = config.rope.pairing,
                              .inverse = true});
    }
    if (!norm) return;
    const Tensor rows = dx.reshape(dx.rows * heads, config.head_dim);
    Tensor copy = scratch.d_sub;  // free by now, and wide enough for q and k
    copy.columns = copy.stride = dx.columns;
    backend().run(ops::Copy{.x = dx, .y = copy});
    normalise_backward(raw.reshape(rows.rows, config.head_dim), norm, copy.reshape(rows.rows, config.head_dim), rows,
                       dw, false);
  }

  /// From scratch.d_attended back through attention and q, k, v of the normalised rows.
  void attention(const BlockState& state, const Tensor& normalised, const Tensor& d_input,
                 const LayerGradients& gradients) const {
    const ModelConfig& config = context.config;
    backend().run(ops::AttentionBackward{.q = state.q,
                                         .k = state.k,
                                         .v = state.v,
                                         .o = state.attended,
                                         .lse = state.lse,
                                         .d_o = scratch.d_attended,
                                         .dq = scratch.dq,
                                         .dk = scratch.dk,
                                         .dv = scratch.dv,
                                         .key_begin = context.key_begin,
                                         .heads = config.heads,
                                         .groups = config.groups,
                                         .scale = config.attention_scale});
    heads(state.q_raw, context.weights.query_norm, scratch.dq, gradients.query_norm, config.heads);
    heads(state.k_raw, context.weights.key_norm, scratch.dk, gradients.key_norm, config.groups);
    project(Projection::q, normalised, scratch.dq, d_input, false);
    project(Projection::k, normalised, scratch.dk, d_input, true);
    project(Projection::v, normalised, scratch.dv, d_input, true);
  }

  /// The same for a short convolution.
  void convolution(const BlockState& state, const Tensor& normalised, const Tensor& d_input) const {
    backend().run(ops::ShortConvolutionBackward{.input = state.convolution,
                                                .w = context.weights.convolution,
                                                .history = state.history,
                                                .dy = scratch.d_attended,
                                                .dinput = scratch.d_convolution,
                                                .key_begin = context.key_begin});
    project(Projection::conv_in, normalised, scratch.d_convolution, d_input, false);
  }
};

}  // namespace

void backward_block(const BlockContext& context, const BlockState& state, const BlockScratch& forward,
                    const BackwardScratch& scratch, const Tensor& x, const Tensor& dx, BlockStage until) {
  const ModelConfig& config = context.config;
  const LayerWeights& weights = context.weights;
  const LayerGradients none;
  const LayerGradients& gradients = context.gradients ? *context.gradients : none;
  const Pass pass{context, scratch};

  // Down.
  context.backend.run(
      ops::GatedActivation{.gate = state.gate, .up = state.up, .y = forward.hidden, .kind = config.activation});
  Tensor down_input = forward.hidden;
  if (weights.feed_forward_sub_norm) {
    down_input = scratch.hidden_norm;
    pass.normalise(forward.hidden, weights.feed_forward_sub_norm, down_input);
  }
  const bool only_down = until == BlockStage::down;
  const Tensor d_down = pass.post_norm(state.down_raw, weights.feed_forward_post_norm, dx);
  pass.project(Projection::down, down_input, d_down, only_down ? Tensor{} : scratch.d_hidden, false);
  if (only_down) return;

  // Gate and up.
  Tensor d_hidden = scratch.d_hidden;
  if (weights.feed_forward_sub_norm) {
    d_hidden = scratch.hidden_norm;
    pass.normalise_backward(forward.hidden, weights.feed_forward_sub_norm, scratch.d_hidden, d_hidden,
                            gradients.feed_forward_sub_norm, false);
  }
  context.backend.run(ops::GatedActivationBackward{.gate = state.gate,
                                                   .up = state.up,
                                                   .dy = d_hidden,
                                                   .dgate = state.gate,
                                                   .dup = state.up,
                                                   .kind = config.activation});
  pass.normalise(state.middle, weights.feed_forward_norm, forward.normalised);
  const bool only_gate_up = until == BlockStage::gate_up;
  const Tensor d_normalised = only_gate_up ? Tensor{} : scratch.normalised;
  pass.project(Projection::gate, forward.normalised, state.gate, d_normalised, false);
  pass.project(Projection::up, forward.normalised, state.up, d_normalised, true);
  if (only_gate_up) return;
  pass.normalise_backward(state.middle, weights.feed_forward_norm, scratch.normalised, dx,
                          gradients.feed_forward_norm, true);

  // Output.
  Tensor attended = state.attended;
  if (weights.attention_sub_norm) {
    attended = forward.attended;
    pass.normalise(state.attended, weights.attention_sub_norm, attended);
  }
  const bool only_output = until == BlockStage::output;
  const Tensor d_output_input = weights.attention_sub_norm ? scratch.d_sub : scratch.d_attended;
  const bool convolution = config.is_convolution(context.layer);
  const Tensor d_output = pass.post_norm(state.output_raw, weights.attention_post_norm, dx);
  pass.project(convolution ? Projection::conv_out : Projection::output, attended, d_output,
               only_output ? Tensor{} : d_output_input, false);
  if (only_output) return;
  if (weights.attention_sub_norm) {
    pass.normalise_backward(state.attended, weights.attention_sub_norm, scratch.d_sub, scratch.d_attended,
                            gradients.attention_sub_norm, false);
  }

  // Attention, q, k and v, or the convolution in their place.
  pass.normalise(x, weights.attention_norm, forward.normalised);
  const Tensor d_input = until == BlockStage::qkv ? Tensor{} : scratch.normalised;
  convolution ? pass.convolution(state, forward.normalised, d_input)
              : pass.attention(state, forward.normalised, d_input, gradients);
  if (until == BlockStage::qkv) return;
  pass.normalise_backward(x, weights.attention_norm, scratch.normalised, dx, gradients.attention_norm, true);
}

}  // namespace hone
