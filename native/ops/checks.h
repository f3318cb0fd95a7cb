#pragma once

#include "core/tensor.h"

/// Predicates the shape checks of the ops are written in. A view passes only if it lies inside its buffer.
namespace hone::ops {

/// A view of elements of `dtype` (block length 1), strides allowed.
inline bool is_view(const Tensor& t, DType dtype) {
  if (!t.buffer || t.dtype != dtype || t.rows < 0 || t.columns < 1 || t.stride < t.columns) return false;
  const size_t size = traits(dtype).block_bytes;
  if (t.rows == 0) return true;
  const size_t last = static_cast<size_t>((t.rows - 1) * t.stride + t.columns) * size;
  return t.offset % size == 0 && t.offset <= t.buffer->bytes() && last <= t.buffer->bytes() - t.offset;
}

inline bool is_f32(const Tensor& t) { return is_view(t, DType::F32); }

inline bool is_i32(const Tensor& t) { return is_view(t, DType::I32); }

/// A weight matrix of any stored type: whole blocks, no stride.
inline bool is_weight(const Tensor& t) {
  if (!t.buffer || t.rows < 0 || t.columns < 1) return false;
  const int64_t block = traits(t.dtype).block_length;
  if (t.columns % block != 0) return false;
  if (block == 1) return is_view(t, t.dtype);
  if (t.stride != t.columns) return false;
  const size_t scale = t.dtype == DType::I2_S ? sizeof(float) : 0;  // one for the whole tensor, after its last row
  const size_t bytes = matrix_bytes(t.dtype, t.rows, t.columns) + scale;
  return t.offset <= t.buffer->bytes() && bytes <= t.buffer->bytes() - t.offset;
}

/// Rows in float32, F16 or Q8_0.
inline bool is_stored_rows(const Tensor& t) {
  return is_f32(t) || ((t.dtype == DType::F16 || t.dtype == DType::Q8_0) && is_weight(t));
}

inline bool same_shape(const Tensor& a, const Tensor& b) { return a.rows == b.rows && a.columns == b.columns; }

inline bool has_shape(const Tensor& t, int64_t rows, int64_t columns) { return t.rows == rows && t.columns == columns; }

}  // namespace hone::ops
