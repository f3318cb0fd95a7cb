#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

#include "backend/cpu/simd/rows.inl"

/// The one row loop that gains from fused multiply-adds: products of single tokens rest on it.
float fused_dot(const float* a, const float* b, int64_t n) {
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      sums[j] = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8 * j), _mm256_loadu_ps(b + i + 8 * j), sums[j]);
    }
  }
  float lanes[kLanes];
  _mm256_storeu_ps(lanes, _mm256_add_ps(sums[0], sums[2]));
  _mm256_storeu_ps(lanes + 8, _mm256_add_ps(sums[1], sums[3]));
  for (int j = 0; i < n; ++i, j = (j + 1) % kLanes) lanes[j] += a[i] * b[i];
  return fold(lanes);
}

}  // namespace

RowKernels avx2_row_kernels() {
  RowKernels kernels = kRowKernels;
  kernels.dot = fused_dot;
  return kernels;
}

}  // namespace hone::cpu

#endif
