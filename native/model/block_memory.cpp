#include "model/block.h"

#include <algorithm>

namespace hone {
namespace {

Tensor first(const Tensor& tensor, int64_t rows) { return tensor ? tensor.slice_rows(0, rows) : tensor; }

}  // namespace

BlockState make_block_state(Arena& arena, const ModelConfig& config, int64_t tokens) {
  BlockState state;
  state.q = arena.make(tokens, config.query_width());
  state.k = arena.make(tokens, config.key_width());
  state.v = arena.make(tokens, config.key_width());
  if (config.head_norms) {
    state.q_raw = arena.make(tokens, config.query_width());
    state.k_raw = arena.make(tokens, config.key_width());
  }
  state.keys = state.k;
  state.values = state.v;
  if (config.convolution_width > 0) {
    state.convolution = arena.make(tokens, 3 * config.dim);
    state.history = arena.make(tokens, config.dim);
  }
  if (config.post_norms) {
    state.output_raw = arena.make(tokens, config.dim);
    state.down_raw = arena.make(tokens, config.dim);
  }
  state.attended = arena.make(tokens, config.query_width());
  state.lse = arena.make(tokens, config.heads);
  state.middle = arena.make(tokens, config.dim);
  state.gate = arena.make(tokens, config.feed_forward);
  state.up = arena.make(tokens, config.feed_forward);
  return state;
}

BlockState first_rows(const BlockState& state, int64_t tokens) {
  BlockState view;
  view.q = first(state.q, tokens);
  view.k = first(state.k, tokens);
  view.v = first(state.v, tokens);
  view.q_raw = first(state.q_raw, tokens);
  view.k_raw = first(state.k_raw, tokens);
  view.keys = first(state.keys, tokens);
  view.values = first(state.values, tokens);
  view.convolution = first(state.convolution, tokens);
  view.history = first(state.history, tokens);
  view.output_raw = first(state.output_raw, tokens);
  view.down_raw = first(state.down_raw, tokens);
  view.attended = first(state.attended, tokens);
  view.lse = first(state.lse, tokens);
  view.middle = first(state.middle, tokens);
  view.gate = first(state.gate, tokens);
  view.up = first(state.up, tokens);
  return view;
}

BlockScratch make_block_scratch(Arena& arena, const ModelConfig& config, int64_t tokens) {
  BlockScratch scratch;
  scratch.normalised = arena.make(tokens, config.dim);
  if (config.sub_norms) scratch.attended = arena.make(tokens, config.query_width());
  scratch.hidden = arena.make(tokens, config.feed_forward);
  return scratch;
}

BlockScratch first_rows(const BlockScratch& scratch, int64_t tokens) {
  return {first(scratch.normalised, tokens), first(scratch.attended, tokens), first(scratch.hidden, tokens)};
}

BackwardScratch make_backward_scratch(Arena& arena, const ModelConfig& config, bool scales, int64_t tokens) {
  BackwardScratch scratch;
  scratch.normalised = arena.make(tokens, config.dim);
  if (config.sub_norms) scratch.hidden_norm = arena.make(tokens, config.feed_forward);
  scratch.d_hidden = arena.make(tokens, config.feed_forward);
  scratch.d_attended = arena.make(tokens, config.query_width());
  if (config.sub_norms || config.head_norms) scratch.d_sub = arena.make(tokens, config.query_width());
  if (config.post_norms) scratch.d_projected = arena.make(tokens, config.dim);
  if (config.convolution_width > 0) scratch.d_convolution = arena.make(tokens, 3 * config.dim);
  scratch.dq = arena.make(tokens, config.query_width());
  scratch.dk = arena.make(tokens, config.key_width());
  scratch.dv = arena.make(tokens, config.key_width());
  if (scales) {
    scratch.scaled = arena.make(tokens, std::max({config.dim, config.feed_forward, config.query_width()}));
  }
  return scratch;
}

BackwardScratch first_rows(const BackwardScratch& scratch, int64_t tokens) {
  BackwardScratch view;
  view.normalised = first(scratch.normalised, tokens);
  view.hidden_norm = first(scratch.hidden_norm, tokens);
  view.d_hidden = first(scratch.d_hidden, tokens);
  view.d_attended = first(scratch.d_attended, tokens);
  view.d_sub = first(scratch.d_sub, tokens);
  view.d_projected = first(scratch.d_projected, tokens);
  view.d_convolution = first(scratch.d_convolution, tokens);
  view.dq = first(scratch.dq, tokens);
  view.dk = first(scratch.dk, tokens);
  view.dv = first(scratch.dv, tokens);
  view.scaled = first(scratch.scaled, tokens);
  return view;
}

}  // namespace hone
