#pragma once

#include "core/tensor.h"

#include <cstdint>
#include <string_view>

namespace hone::ops {

/// The gated causal convolution of one channel at a time that lfm2 has in place of attention. Columns of `input`
/// [T, 3D] are b, c and x. With z = b ⊙ x: y_t = c_t ⊙ Σ_{j<K} w[j] ⊙ z_{t−K+1+j}, w [D, K], y [T, D].
/// `history` [past + T, D] holds z of all tokens; its last T rows are written here, the others are read. Token t does
/// not see those before `key_begin[t]`, an index of history as in ops::Attention.
struct ShortConvolution {
  static constexpr std::string_view kName = "short_convolution";
  Tensor input, w, history, y;
  Tensor key_begin;  ///< [T, 1] int32
  int64_t past = 0;
  void check() const;
};

/// Gradient of `ShortConvolution` for a whole row (past = 0); w is frozen. Overwrites dinput. With e = dy ⊙ c:
/// dc = dy ⊙ Σ w[j] z_{t−K+1+j}, dz_t = Σ_j w[j] e_{t+K−1−j}, db = dz ⊙ x, dx = dz ⊙ b.
struct ShortConvolutionBackward {
  static constexpr std::string_view kName = "short_convolution_backward";
  Tensor input, w, history, dy, dinput;
  Tensor key_begin;  ///< [T, 1] int32
  void check() const;
};

}  // namespace hone::ops
