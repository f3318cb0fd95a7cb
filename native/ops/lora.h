#pragma once

#include "core/tensor.h"

#include <cstdint>
#include <string_view>

namespace hone::ops {

/// Inverted dropout on the input of an adapter. Element e of the input [T, in] is kept when the counter-based
/// generator (core/random.h) keyed by `key` gives uniform(e) >= rate, so that recomputation sees the same mask.
struct Dropout {
  float rate = 0;     ///< 0 switches it off
  uint64_t key = 0;   ///< derived from (seed, step, micro-batch, tensor)
};

/// u[T, r] = drop(x)[T, in] · aᵀ;  y[T, out] += scale · u · bᵀ.  a [r, in], b [out, r] float32.
struct Lora {
  static constexpr std::string_view kName = "lora";
  Tensor x, a, b, u, y;
  float scale = 1;
  Dropout dropout;
  void check() const;
};

/// Gradients of `Lora`: da += scale·(dy·b)ᵀ · drop(x);  db += scale · dyᵀ · u;  dx += undrop(scale·(dy·b) · a).
/// `da`/`db` are absent for an adapter that is not trained, `dx` where nothing below needs a gradient.
struct LoraBackward {
  static constexpr std::string_view kName = "lora_backward";
  Tensor x, a, b, u, dy;
  Tensor da, db, dx;
  float scale = 1;
  Dropout dropout;
  void check() const;
};

}  // namespace hone::ops
