#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

#include <immintrin.h>

#include <array>

namespace hone::cpu {
namespace {

__m256i mask_of(int lanes) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/// M rows by V vectors of 8 columns. With M = 6 and V = 2 twelve sums hide the latency of two multiply-add units
/// (4 cycles each), and 8 loads per step stay below the 12 multiply-adds they feed.
template <int M, int V>
void tile_of(int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step, float* c,
             int64_t c_row, bool accumulate) {
  __m256 sums[M][V];
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) sums[i][v] = _mm256_setzero_ps();
  }
  const float* a3 = a + 3 * a_row;
  for (int64_t s = 0; s < k; ++s) {
    __m256 right[V];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) right[v] = _mm256_loadu_ps(b + 8 * v);
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) {
      const __m256 left = _mm256_broadcast_ss(i < 3 ? a + i * a_row : a3 + (i - 3) * a_row);
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) sums[i][v] = _mm256_fmadd_ps(left, right[v], sums[i][v]);
    }
    a += a_step;
    a3 += a_step;
    b += b_step;
  }

  if (n == 8 * V) {
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) {
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) {
        float* out = c + i * c_row + 8 * v;
        _mm256_storeu_ps(out, accumulate ? _mm256_add_ps(_mm256_loadu_ps(out), sums[i][v]) : sums[i][v]);
      }
    }
    return;
  }
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) {
      const __m256i mask = mask_of(n - 8 * v);
      float* out = c + i * c_row + 8 * v;
      const __m256 sum = accumulate ? _mm256_add_ps(_mm256_maskload_ps(out, mask), sums[i][v]) : sums[i][v];
      _mm256_maskstore_ps(out, mask, sum);
    }
  }
}

using TileOf = void (*)(int, int64_t, const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, bool);
constexpr TileOf kTiles[2][6] = {
    {tile_of<1, 1>, tile_of<2, 1>, tile_of<3, 1>, tile_of<4, 1>, tile_of<5, 1>, tile_of<6, 1>},
    {tile_of<1, 2>, tile_of<2, 2>, tile_of<3, 2>, tile_of<4, 2>, tile_of<5, 2>, tile_of<6, 2>}};

void tile(int m, int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step,
          float* c, int64_t c_row, bool accumulate) {
  kTiles[n > 8][m - 1](n, k, a, a_row, a_step, b, b_step, c, c_row, accumulate);
}

/// Eight rows of eight floats become eight columns.
inline void transpose8(const float* rows, int64_t stride, float* out) {
  __m256 r[8], t[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) r[i] = _mm256_loadu_ps(rows + i * stride);
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
    r[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
    r[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    r[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_ps(out + i * 16, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(out + (i + 4) * 16, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}

void transpose16(const float* rows, int64_t stride, int64_t k, float* panel) {
  int64_t s = 0;
  for (; s + 8 <= k; s += 8) {
    transpose8(rows + s, stride, panel + s * 16);
    transpose8(rows + 8 * stride + s, stride, panel + s * 16 + 8);
  }
  for (; s < k; ++s) {
    for (int j = 0; j < 16; ++j) panel[s * 16 + j] = rows[j * stride + s];
  }
}

}  // namespace

MatrixKernels avx2_matrix_kernels() { return {6, tile, transpose16}; }

}  // namespace hone::cpu

#endif
