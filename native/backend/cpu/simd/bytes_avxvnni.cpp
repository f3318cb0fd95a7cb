#include "backend/cpu/simd/tables.h"

#if defined(__AVXVNNI__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

constexpr float kLargest = 32639;  // 256 · 127 + 127

inline __m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

/// Four codes of a row, at any address.
struct Four {
  int8_t q[4];
};

void split(const float* x, int64_t blocks, int32_t offset, int8_t* high, int8_t* low, int32_t* starts,
           float* factors) {
  for (int64_t b = 0; b < blocks; ++b, x += 32, high += 32, low += 32) {
    float largest = 0, nothing = 0;
    for (int i = 0; i < 32; ++i) {
      const float size = x[i] < 0 ? -x[i] : x[i];
      largest = size > largest ? size : largest;
      nothing += x[i] * 0.0f;  // a comparison drops NaN, a sum keeps it
    }
    largest += nothing;
    const bool vanishes = largest < 1e-30f;  // its inverse would overflow; NaN goes on
    const __m256 factor = _mm256_set1_ps(vanishes ? 0 : kLargest / largest);
    int32_t high_sum = 0, low_sum = 0;
    for (int i = 0; i < 32; i += 8) {
      int32_t numbers[8];
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(numbers),
                          _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + i), factor)));
      for (int j = 0; j < 8; ++j) {
        const auto h = static_cast<int8_t>((numbers[j] + 128) >> 8), l = static_cast<int8_t>(numbers[j]);
        high[i + j] = h;
        low[i + j] = l;
        high_sum += h;
        low_sum += l;
      }
    }
    const float step = vanishes ? 0 : largest / kLargest;
    starts[b] = -offset * high_sum;
    starts[blocks + b] = -offset * low_sum;
    factors[b] = 256 * step;
    factors[blocks + b] = step;
  }
}

/// M rows by 8 outputs, half a panel: four integer sums and four float ones leave room for what feeds them.
template <int M>
void half_tile(int64_t blocks, const int8_t* q, int64_t q_row, const int32_t* starts, const float* factors,
               const uint8_t* panel, const float* scales, float* c) {
  __m256 results[M];
#pragma GCC unroll 4
  for (int i = 0; i < M; ++i) results[i] = _mm256_setzero_ps();
  for (int64_t b = 0; b < blocks; ++b, scales += 16) {
    __m256i totals[M];
#pragma GCC unroll 4
    for (int i = 0; i < M; ++i) totals[i] = _mm256_set1_epi32(starts[i * blocks + b]);
    for (int s = 0; s < 32; s += 4, panel += 64, q += 4) {
      const __m256i codes = load(panel);
#pragma GCC unroll 4
      for (int i = 0; i < M; ++i) {
        __m256i x;
        asm("vpbroadcastd %[input], %[x]\n\t"
            "%{vex%} vpdpbusd %[x], %[codes], %[total]"
            : [total] "+x"(totals[i]), [x] "=&x"(x)
            : [input] "m"(*reinterpret_cast<const Four*>(q + i * q_row)), [codes] "x"(codes));
      }
    }
    const __m256 scale = _mm256_loadu_ps(scales);
#pragma GCC unroll 4
    for (int i = 0; i < M; ++i) {
      const __m256 factor = _mm256_mul_ps(scale, _mm256_set1_ps(factors[i * blocks + b]));
      results[i] = _mm256_fmadd_ps(factor, _mm256_cvtepi32_ps(totals[i]), results[i]);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < M; ++i) _mm256_storeu_ps(c + i * 16, results[i]);
}

void tile(int m, int64_t blocks, const int8_t* q, int64_t q_row, const int32_t* starts, const float* factors,
          const uint8_t* panel, const float* scales, float* c) {
  const auto run = m == 2 ? half_tile<2> : half_tile<4>;
  run(blocks, q, q_row, starts, factors, panel, scales, c);
  run(blocks, q, q_row, starts, factors, panel + 32, scales + 8, c + 8);
}

}  // namespace

ByteKernels avxvnni_byte_kernels() { return {4, split, tile}; }

}  // namespace hone::cpu

#endif
