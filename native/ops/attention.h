#pragma once

#include "core/tensor.h"

#include <cstdint>
#include <string_view>

namespace hone::ops {

/// Causal attention with grouped heads. q, o [T, H·d]; k, v [S, G·d]; query t is key number `past + t`, and sees
/// keys u with key_begin[t] <= u <= past + t (packing boundaries and windows are both a matter of key_begin).
/// s = scale · q·k, softmax in float32, o = softmax · v; query head h reads group floor(h / (H/G)).
/// Keys and values may be stored as F16, or as Q8_0 where the head dimension is a whole number of its blocks.
/// `lse` [T, H], when present, receives log Σ exp(s) for the backward pass. No T × S matrix is kept.
struct Attention {
  static constexpr std::string_view kName = "attention";
  Tensor q, k, v, o;
  Tensor key_begin;  ///< [T, 1] int32
  Tensor lse;
  int64_t heads = 1, groups = 1;
  int64_t past = 0;
  float scale = 1;
  void check() const;
};

/// Gradients of `Attention` for a whole row (past = 0, S = T). dq, dk, dv are overwritten. P is recomputed
/// from lse; formulas: D_t = do·o, dv += P do, dS = P (do·v − D), dq = scale Σ dS k, dk += scale Σ dS q.
struct AttentionBackward {
  static constexpr std::string_view kName = "attention_backward";
  Tensor q, k, v, o, lse, d_o;
  Tensor dq, dk, dv;
  Tensor key_begin;
  int64_t heads = 1, groups = 1;
  float scale = 1;
  void check() const;
};

}  // namespace hone::ops
