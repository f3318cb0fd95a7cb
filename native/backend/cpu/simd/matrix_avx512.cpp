#include "backend/cpu/simd/tables.h"

#if defined(__AVX512F__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

/// M rows by 16 columns: twelve sums hide the latency of two multiply-add units (4 cycles each), and each multiply-add
/// takes its left factor from memory, so a step is M + 1 loads.
template <int M>
void tile_of(int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step, float* c,
             int64_t c_row, bool accumulate) {
  const auto read = static_cast<__mmask16>(n > 8 ? 0xffff : 0xff);
  const auto write = static_cast<__mmask16>((1u << n) - 1);
  __m512 sums[M];
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) sums[i] = _mm512_setzero_ps();
  // Three rows are reached from one pointer without an index of their own.
  const float* rows[4] = {a, a + 3 * a_row, a + 6 * a_row, a + 9 * a_row};
  for (int64_t s = 0; s < k; ++s) {
    const __m512 right = _mm512_maskz_loadu_ps(read, b);
#pragma GCC unroll 12
    for (int i = 0; i < M; ++i) {
      sums[i] = _mm512_fmadd_ps(_mm512_set1_ps(rows[i / 3][i % 3 * a_row]), right, sums[i]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) rows[i] += a_step;
    b += b_step;
  }
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) {
    float* out = c + i * c_row;
    const __m512 sum = accumulate ? _mm512_add_ps(_mm512_maskz_loadu_ps(write, out), sums[i]) : sums[i];
    _mm512_mask_storeu_ps(out, write, sum);
  }
}

using TileOf = void (*)(int, int64_t, const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, bool);
constexpr TileOf kTiles[12] = {tile_of<1>, tile_of<2>, tile_of<3>, tile_of<4>,  tile_of<5>,  tile_of<6>,
                               tile_of<7>, tile_of<8>, tile_of<9>, tile_of<10>, tile_of<11>, tile_of<12>};

void tile(int m, int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step,
          float* c, int64_t c_row, bool accumulate) {
  kTiles[m - 1](n, k, a, a_row, a_step, b, b_step, c, c_row, accumulate);
}

/// Sixteen rows of sixteen floats become sixteen columns: pairs, fours, then quarters of vectors.
inline void transpose(const float* rows, int64_t stride, float* out) {
  __m512 r[16], t[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) r[i] = _mm512_loadu_ps(rows + i * stride);
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_shuffle_ps(t[i], t[i + 2], 0x44);
    r[i + 1] = _mm512_shuffle_ps(t[i], t[i + 2], 0xee);
    r[i + 2] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    r[i + 3] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0xee);
  }
  // r[4 g + j] now holds columns j, j + 4, j + 8, j + 12 of rows 4 g … 4 g + 3, a quarter each.
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const __m512 low01 = _mm512_shuffle_f32x4(r[j], r[4 + j], 0x88);
    const __m512 high01 = _mm512_shuffle_f32x4(r[j], r[4 + j], 0xdd);
    const __m512 low23 = _mm512_shuffle_f32x4(r[8 + j], r[12 + j], 0x88);
    const __m512 high23 = _mm512_shuffle_f32x4(r[8 + j], r[12 + j], 0xdd);
    _mm512_storeu_ps(out + 16 * j, _mm512_shuffle_f32x4(low01, low23, 0x88));
    _mm512_storeu_ps(out + 16 * (j + 4), _mm512_shuffle_f32x4(high01, high23, 0x88));
    _mm512_storeu_ps(out + 16 * (j + 8), _mm512_shuffle_f32x4(low01, low23, 0xdd));
    _mm512_storeu_ps(out + 16 * (j + 12), _mm512_shuffle_f32x4(high01, high23, 0xdd));
  }
}

void transpose16(const float* rows, int64_t stride, int64_t k, float* panel) {
  int64_t s = 0;
  for (; s + 16 <= k; s += 16) transpose(rows + s, stride, panel + s * 16);
  for (; s < k; ++s) {
    for (int j = 0; j < 16; ++j) panel[s * 16 + j] = rows[j * stride + s];
  }
}

}  // namespace

MatrixKernels avx512_matrix_kernels() { return {12, tile, transpose16}; }

}  // namespace hone::cpu

#endif
