#pragma once

#include "core/tensor.h"
#include "quant/codec.h"

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

/// Weights of an I2_S row: blocks of 128 in 32 bytes, planes from the high bits down, (code - 1) * scale,
/// and 0 for the unused code 3.
inline void decode_i2_s(const std::byte* row, float scale, float* out, int64_t n) {
  const float values[4] = {-scale, 0, scale, 0};
  for (int64_t block = 0; block < n / 128; ++block) {
    for (int64_t i = 0; i < 128; ++i) {
      const auto byte = static_cast<unsigned>(row[block * 32 + i % 32]);
      out[block * 128 + i] = values[byte >> (6 - 2 * (i / 32)) & 3];
    }
  }
}

/// Row `row` of a weight matrix of any stored type as float32.
inline void decode_weight_row(const Tensor& w, int64_t row, float* out) {
  if (w.dtype == DType::I2_S) {
    decode_i2_s(weight_row(w, row), i2_s_scale(w), out, w.columns);
  } else {
    decode_row(w.dtype, weight_row(w, row), out, w.columns);
  }
}

}  // namespace hone
