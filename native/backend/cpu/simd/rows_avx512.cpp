#include "backend/cpu/simd/tables.h"

#if defined(__AVX512F__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

#include "backend/cpu/simd/rows.inl"

/// The one row loop that gains from fused multiply-adds: products of single tokens rest on it.
float fused_dot(const float* a, const float* b, int64_t n) {
  __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
  int64_t i = 0;
  for (; i + 64 <= n; i += 64) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      sums[j] = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16 * j), _mm512_loadu_ps(b + i + 16 * j), sums[j]);
    }
  }
  for (int j = 0; i < n; i += 16, ++j) {
    const auto mask = static_cast<__mmask16>(n - i >= 16 ? 0xffff : (1u << (n - i)) - 1);
    sums[j] = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, a + i), _mm512_maskz_loadu_ps(mask, b + i), sums[j]);
  }
  float lanes[kLanes];
  _mm512_storeu_ps(lanes, _mm512_add_ps(_mm512_add_ps(sums[0], sums[2]), _mm512_add_ps(sums[1], sums[3])));
  return fold(lanes);
}

}  // namespace

RowKernels avx512_row_kernels() {
  RowKernels kernels = kRowKernels;
  kernels.dot = fused_dot;
  return kernels;
}

}  // namespace hone::cpu

#endif
