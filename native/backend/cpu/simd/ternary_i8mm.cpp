#include "backend/cpu/simd/ternary_neon.h"

#if defined(__ARM_FEATURE_MATMUL_INT8)

namespace hone::cpu {
namespace {

using neon::load;

/// P pairs of tokens by 16 outputs. An instruction multiplies two tokens of eight inputs with two outputs of eight
/// codes; those come from two steps of the panel whose groups of four are put side by side. Where the last pair lacks
/// its second token the first stands in for it.
template <int P>
void tile_of(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
             const uint8_t* panel, const float* scales, float* c) {
  int32x4_t totals[P][8];
  const int8_t* rows[2 * P];
#pragma GCC unroll 3
  for (int p = 0; p < P; ++p) {
    const int second = 2 * p + 1 < m ? 2 * p + 1 : 2 * p;
    rows[2 * p] = q + 2 * p * q_row;
    rows[2 * p + 1] = q + second * q_row;
    const int32x2_t first_sum = vdup_n_s32(-sums[2 * p * sums_row]), second_sum = vdup_n_s32(-sums[second * sums_row]);
#pragma GCC unroll 8
    for (int v = 0; v < 8; ++v) totals[p][v] = vcombine_s32(first_sum, second_sum);
  }
  for (int64_t s = 0; s < n; s += 8, panel += 128) {
    int8x16_t inputs[P];
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) inputs[p] = vcombine_s8(vld1_s8(rows[2 * p] + s), vld1_s8(rows[2 * p + 1] + s));
#pragma GCC unroll 4
    for (int v = 0; v < 4; ++v) {
      const int32x4_t early = vreinterpretq_s32_s8(load(panel + 16 * v));
      const int32x4_t late = vreinterpretq_s32_s8(load(panel + 64 + 16 * v));
      const int8x16_t first = vreinterpretq_s8_s32(vzip1q_s32(early, late));
      const int8x16_t second = vreinterpretq_s8_s32(vzip2q_s32(early, late));
#pragma GCC unroll 3
      for (int p = 0; p < P; ++p) {
        totals[p][2 * v] = vmmlaq_s32(totals[p][2 * v], inputs[p], first);
        totals[p][2 * v + 1] = vmmlaq_s32(totals[p][2 * v + 1], inputs[p], second);
      }
    }
  }
  for (int i = 0; i < m; ++i) {
    int32x4_t row[4];
    for (int v = 0; v < 4; ++v) {
      const int32x4_t a = totals[i / 2][2 * v], b = totals[i / 2][2 * v + 1];
      row[v] = i % 2 ? vcombine_s32(vget_high_s32(a), vget_high_s32(b))
                     : vcombine_s32(vget_low_s32(a), vget_low_s32(b));
    }
    neon::add_scaled(c + i * 16, scales, row);
  }
}

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  constexpr decltype(&tile_of<1>) kTiles[3] = {tile_of<1>, tile_of<2>, tile_of<3>};
  kTiles[(m - 1) / 2](m, n, q, q_row, sums, sums_row, panel, scales, c);
}

}  // namespace

TernaryKernels i8mm_ternary_kernels() {
  TernaryKernels kernels = dotprod_ternary_kernels();
  kernels.tile_rows = 6;
  kernels.tile = tile;
  return kernels;
}

}  // namespace hone::cpu

#endif
