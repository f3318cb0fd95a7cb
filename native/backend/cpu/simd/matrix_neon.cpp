#include "backend/cpu/simd/tables.h"

#if defined(__ARM_NEON)

#include <arm_neon.h>

namespace hone::cpu {
namespace {

/// M rows by V vectors of 4 columns. With M = 6 and V = 4 the 24 sums leave room for a row of the right factor and the
/// left one, and hide the latency of four multiply-add units (4 cycles each).
template <int M, int V>
void tile_of(int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step, float* c,
             int64_t c_row, bool accumulate) {
  float32x4_t sums[M][V];
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sums[i][v] = vdupq_n_f32(0);
  }
  for (int64_t s = 0; s < k; ++s, a += a_step, b += b_step) {
    float32x4_t right[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) right[v] = vld1q_f32(b + 4 * v);
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) {
      const float32x4_t left = vld1q_dup_f32(a + i * a_row);
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sums[i][v] = vfmaq_f32(sums[i][v], left, right[v]);
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) {
    float* out = c + i * c_row;
    if (n == 4 * V) {
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        vst1q_f32(out + 4 * v, accumulate ? vaddq_f32(vld1q_f32(out + 4 * v), sums[i][v]) : sums[i][v]);
      }
      continue;
    }
    float row[4 * V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) vst1q_f32(row + 4 * v, sums[i][v]);
    for (int j = 0; j < n; ++j) out[j] = accumulate ? out[j] + row[j] : row[j];
  }
}

using TileOf = void (*)(int, int64_t, const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, bool);
constexpr TileOf kWide[6] = {tile_of<1, 4>, tile_of<2, 4>, tile_of<3, 4>, tile_of<4, 4>, tile_of<5, 4>, tile_of<6, 4>};
constexpr TileOf kNarrow[6] = {tile_of<1, 2>, tile_of<2, 2>, tile_of<3, 2>,
                               tile_of<4, 2>, tile_of<5, 2>, tile_of<6, 2>};

void tile(int m, int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step,
          float* c, int64_t c_row, bool accumulate) {
  (n > 8 ? kWide : kNarrow)[m - 1](n, k, a, a_row, a_step, b, b_step, c, c_row, accumulate);
}

/// Four rows of four floats become four columns.
inline void transpose4(const float* rows, int64_t stride, float* panel) {
  const float32x4x2_t low = vtrnq_f32(vld1q_f32(rows), vld1q_f32(rows + stride));
  const float32x4x2_t high = vtrnq_f32(vld1q_f32(rows + 2 * stride), vld1q_f32(rows + 3 * stride));
  vst1q_f32(panel, vcombine_f32(vget_low_f32(low.val[0]), vget_low_f32(high.val[0])));
  vst1q_f32(panel + 16, vcombine_f32(vget_low_f32(low.val[1]), vget_low_f32(high.val[1])));
  vst1q_f32(panel + 32, vcombine_f32(vget_high_f32(low.val[0]), vget_high_f32(high.val[0])));
  vst1q_f32(panel + 48, vcombine_f32(vget_high_f32(low.val[1]), vget_high_f32(high.val[1])));
}

void transpose16(const float* rows, int64_t stride, int64_t k, float* panel) {
  int64_t s = 0;
  for (; s + 4 <= k; s += 4) {
    for (int j = 0; j < 16; j += 4) transpose4(rows + j * stride + s, stride, panel + s * 16 + j);
  }
  for (; s < k; ++s) {
    for (int j = 0; j < 16; ++j) panel[s * 16 + j] = rows[j * stride + s];
  }
}

}  // namespace

MatrixKernels neon_matrix_kernels() { return {6, tile, transpose16}; }

}  // namespace hone::cpu

#endif
