#pragma once

#include "backend/cpu/simd/tables.h"

#if defined(__ARM_NEON)

#include <arm_neon.h>

#include <cstring>

/// What the ternary kernels of all 64-bit ARM share. Codes 0, 1, 2 are read as signed bytes. Each file that includes
/// it has its own copy: those are compiled for different CPUs.
namespace hone::cpu {
namespace {
namespace neon {

inline int8x16_t load(const void* p) { return vld1q_s8(static_cast<const int8_t*>(p)); }

/// Plane `n` of sixteen bytes of four 2-bit codes, the lowest bits first.
template <int n>
inline int8x16_t plane(uint8x16_t bytes) {
  if constexpr (n == 0) return vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(3)));
  else return vreinterpretq_s8_u8(vandq_u8(vshrq_n_u8(bytes, 2 * n), vdupq_n_u8(3)));
}

/// Σ codes · q of one TQ2_0 block with `dot(sum, codes, q)`, which adds products to four lanes of 32 bits.
template <class Dot>
inline int32_t dot_block(const std::byte* block, const int8_t* q, const Dot& dot) {
  int32x4_t total = vdupq_n_s32(0);
#pragma GCC unroll 4
  for (int part = 0; part < 4; ++part) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(block) + 16 * part);
    const int8_t* inputs = q + part / 2 * 128 + part % 2 * 16;
    total = dot(total, plane<0>(bytes), load(inputs));
    total = dot(total, plane<1>(bytes), load(inputs + 32));
    total = dot(total, plane<2>(bytes), load(inputs + 64));
    total = dot(total, plane<3>(bytes), load(inputs + 96));
  }
  return vaddvq_s32(total);
}

template <class Dot>
inline float dot_row(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums, const Dot& dot) {
  float total = 0;
  for (int64_t b = 0; b < blocks; ++b, row += 66, q += 256) {
    __fp16 scale;
    std::memcpy(&scale, row + 64, 2);
    total += static_cast<float>(scale) * static_cast<float>(dot_block(row, q, dot) - sums[b]);
  }
  return total;
}

/// c[16] += scales · totals, four at a time.
inline void add_scaled(float* c, const float* scales, const int32x4_t* totals) {
#pragma GCC unroll 4
  for (int v = 0; v < 4; ++v) {
    const float32x4_t product = vmulq_f32(vld1q_f32(scales + 4 * v), vcvtq_f32_s32(totals[v]));
    vst1q_f32(c + 4 * v, vaddq_f32(vld1q_f32(c + 4 * v), product));
  }
}

}  // namespace neon
}  // namespace
}  // namespace hone::cpu

#endif
