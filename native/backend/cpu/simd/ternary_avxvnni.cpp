#include "backend/cpu/simd/tables.h"

#if defined(__AVXVNNI__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

inline __m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

/// Four codes of a row, at any address.
struct Four {
  int8_t q[4];
};

/// M tokens by 16 outputs, four codes of eight outputs to an instruction.
template <int M>
void tile_of(int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row, const uint8_t* panel,
             const float* scales, float* c) {
  __m256i totals[M][2];
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) totals[i][0] = totals[i][1] = _mm256_set1_epi32(-sums[i * sums_row]);
  const int8_t* q3 = q + 3 * q_row;
  for (int64_t s = 0; s < n; s += 4, panel += 64, q += 4, q3 += 4) {
    const __m256i left = load(panel), right = load(panel + 32);
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) {
      // Written out, because compilers copy the sums around until they run out of registers.
      __m256i x;
      asm("vpbroadcastd %[input], %[x]\n\t"
          "%{vex%} vpdpbusd %[x], %[left], %[first]\n\t"
          "%{vex%} vpdpbusd %[x], %[right], %[second]"
          : [first] "+x"(totals[i][0]), [second] "+x"(totals[i][1]), [x] "=&x"(x)
          : [input] "m"(*reinterpret_cast<const Four*>(i < 3 ? q + i * q_row : q3 + (i - 3) * q_row)), [left] "x"(left),
            [right] "x"(right));
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < 2; ++v) {
      float* out = c + i * 16 + 8 * v;
      const __m256 product = _mm256_mul_ps(_mm256_loadu_ps(scales + 8 * v), _mm256_cvtepi32_ps(totals[i][v]));
      _mm256_storeu_ps(out, _mm256_add_ps(_mm256_loadu_ps(out), product));
    }
  }
}

using TileOf = void (*)(int64_t, const int8_t*, int64_t, const int32_t*, int64_t, const uint8_t*, const float*, float*);
constexpr TileOf kTiles[6] = {tile_of<1>, tile_of<2>, tile_of<3>, tile_of<4>, tile_of<5>, tile_of<6>};

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  kTiles[m - 1](n, q, q_row, sums, sums_row, panel, scales, c);
}

}  // namespace

TernaryKernels avxvnni_ternary_kernels() {
  TernaryKernels kernels = avx2_ternary_kernels();
  kernels.tile = tile;
  return kernels;
}

}  // namespace hone::cpu

#endif
