#pragma once

#include "backend/cpu/simd/simd.h"
#include "backend/weight_rows.h"
#include "core/float16.h"

#include <cstring>

namespace hone::cpu {

/// A ternary matrix as blocks of codes 0, 1, 2 and their scales.
struct TernaryView {
  explicit TernaryView(const Simd& simd, const Tensor& w)
      : kernels(simd.ternary),
        dtype(w.dtype),
        base(w.data()),
        rows(w.rows),
        block(traits(w.dtype).block_length),
        block_bytes(traits(w.dtype).block_bytes),
        blocks(w.columns / block),
        tensor_scale(w.dtype == DType::I2_S ? i2_s_scale(w) : 0) {}

  const std::byte* at(int64_t row, int64_t b) const {
    return base + static_cast<size_t>(row * blocks + b) * block_bytes;
  }

  float scale(const std::byte* bytes) const {
    if (dtype == DType::I2_S) return tensor_scale;
    uint16_t half;
    std::memcpy(&half, bytes + block_bytes - 2, 2);
    return f32_from_f16(half);
  }

  void unpack(const std::byte* bytes, uint8_t* codes) const {
    switch (dtype) {
      case DType::TQ1_0: return kernels.unpack_tq1_0(bytes, codes);
      case DType::TQ2_0: return kernels.unpack_tq2_0(bytes, codes);
      default: return kernels.unpack_i2_s(bytes, codes);
    }
  }

  const TernaryKernels& kernels;
  DType dtype;
  const std::byte* base;
  int64_t rows, block;
  size_t block_bytes;
  int64_t blocks;
  float tensor_scale;
};

}  // namespace hone::cpu
