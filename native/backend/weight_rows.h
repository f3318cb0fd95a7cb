#pragma once

#include "core/tensor.h"
#include "quant/codec.h"
#include "quant/i2_s.h"

#include <cstring>

namespace hone {

/// First byte of row `row` of a weight matrix of any stored type.
inline const std::byte* weight_row(const Tensor& w, int64_t row) {
  return w.data() + matrix_bytes(w.dtype, row, w.stride);
}

/// The scale that follows the last row of a whole I2_S tensor.
inline float i2_s_scale(const Tensor& w) {
  float scale = 0;
  std::memcpy(&scale, weight_row(w, w.rows), sizeof(scale));
  return scale;
}

/// Row `row` of a weight matrix of any stored type as float32.
inline void decode_weight_row(const Tensor& w, int64_t row, float* out) {
  if (w.dtype == DType::I2_S) {
    decode_i2_s_row(weight_row(w, row), i2_s_scale(w), out, w.columns);
  } else {
    decode_row(w.dtype, weight_row(w, row), out, w.columns);
  }
}

}  // namespace hone
