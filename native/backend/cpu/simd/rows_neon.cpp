#include "backend/cpu/simd/tables.h"

#if defined(__ARM_NEON)

#include <arm_neon.h>

namespace hone::cpu {
namespace {

/// Products of single tokens rest on it, so it fuses multiplications and additions.
float fused_dot(const float* a, const float* b, int64_t n) {
  float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) sums[j] = vfmaq_f32(sums[j], vld1q_f32(a + i + 4 * j), vld1q_f32(b + i + 4 * j));
  }
  for (; i + 4 <= n; i += 4) sums[0] = vfmaq_f32(sums[0], vld1q_f32(a + i), vld1q_f32(b + i));
  float total = vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3])));
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

}  // namespace

/// NEON is part of every 64-bit ARM, so the plain loops are compiled for it already.
RowKernels neon_row_kernels() {
  RowKernels kernels = scalar_row_kernels();
  kernels.dot = fused_dot;
  return kernels;
}

}  // namespace hone::cpu

#endif
