#include "backend/cpu/simd/tables.h"

#if defined(__AVX512VNNI__)

#include <immintrin.h>

namespace hone::cpu {
namespace {

constexpr float kLargest = 32639;  // 256 · 127 + 127

/// Four codes of a row, at any address.
struct Four {
  int8_t q[4];
};

/// Sixteen numbers of 16 bits in two digits: n = 256 high + low, both -128 … 127.
inline void store_digits(__m512i n, int8_t* high, int8_t* low) {
  const __m512i h = _mm512_srai_epi32(_mm512_add_epi32(n, _mm512_set1_epi32(128)), 8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(high), _mm512_cvtepi32_epi8(h));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(low), _mm512_cvtepi32_epi8(n));  // the low byte of n
}

inline int32_t sum32(const int8_t* q) {
  const __m256i sums = _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1),
                                           _mm256_loadu_si256(reinterpret_cast<const __m256i*>(q)));
  return _mm512_reduce_add_epi32(_mm512_zextsi256_si512(sums));
}

void split(const float* x, int64_t blocks, int32_t offset, int8_t* high, int8_t* low, int32_t* starts,
           float* factors) {
  for (int64_t b = 0; b < blocks; ++b, x += 32, high += 32, low += 32) {
    const __m512 first = _mm512_loadu_ps(x), second = _mm512_loadu_ps(x + 16);
    const __m512 magnitude = _mm512_max_ps(_mm512_abs_ps(first), _mm512_abs_ps(second));
    // A maximum drops NaN, a sum keeps it: zero unless something is not a number.
    const __m512 nothing = _mm512_mul_ps(_mm512_add_ps(first, second), _mm512_setzero_ps());
    const float largest = _mm512_reduce_max_ps(magnitude) + _mm512_reduce_add_ps(nothing);
    const bool vanishes = largest < 1e-30f;  // its inverse would overflow; NaN goes on
    const __m512 factor = _mm512_set1_ps(vanishes ? 0 : kLargest / largest);
    store_digits(_mm512_cvtps_epi32(_mm512_mul_ps(first, factor)), high, low);
    store_digits(_mm512_cvtps_epi32(_mm512_mul_ps(second, factor)), high + 16, low + 16);
    const float step = vanishes ? 0 : largest / kLargest;
    starts[b] = -offset * sum32(high);
    starts[blocks + b] = -offset * sum32(low);
    factors[b] = 256 * step;
    factors[blocks + b] = step;
  }
}

/// M rows by 16 outputs. The integer sums of 32 weights are scaled and added to float sums, all in registers.
template <int M>
void tile_of(int64_t blocks, const int8_t* q, int64_t q_row, const int32_t* starts, const float* factors,
             const uint8_t* panel, const float* scales, float* c) {
  __m512 results[M];
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) results[i] = _mm512_setzero_ps();
  const int8_t* rows[4] = {q, q + 3 * q_row, q + 6 * q_row, q + 9 * q_row};
  for (int64_t b = 0; b < blocks; ++b, scales += 16) {
    __m512i totals[M];
#pragma GCC unroll 12
    for (int i = 0; i < M; ++i) totals[i] = _mm512_set1_epi32(starts[i * blocks + b]);
    for (int s = 0; s < 32; s += 4, panel += 64) {
      const __m512i codes = _mm512_loadu_si512(panel);
#pragma GCC unroll 12
      for (int i = 0; i < M; ++i) {
        // Written out, because compilers copy the sums around and load the four codes on their own.
        asm("vpdpbusd %[input]%{1to16%}, %[codes], %[total]"
            : [total] "+v"(totals[i])
            : [input] "m"(*reinterpret_cast<const Four*>(rows[i / 3] + i % 3 * q_row)), [codes] "v"(codes));
      }
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) rows[i] += 4;
    }
    const __m512 scale = _mm512_loadu_ps(scales);
#pragma GCC unroll 12
    for (int i = 0; i < M; ++i) {
      const __m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(factors[i * blocks + b]));
      results[i] = _mm512_fmadd_ps(factor, _mm512_cvtepi32_ps(totals[i]), results[i]);
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) _mm512_storeu_ps(c + i * 16, results[i]);
}

void tile(int m, int64_t blocks, const int8_t* q, int64_t q_row, const int32_t* starts, const float* factors,
          const uint8_t* panel, const float* scales, float* c) {
  constexpr decltype(&tile_of<2>) kTiles[6] = {tile_of<2>, tile_of<4>,  tile_of<6>,
                                               tile_of<8>, tile_of<10>, tile_of<12>};
  kTiles[m / 2 - 1](blocks, q, q_row, starts, factors, panel, scales, c);
}

}  // namespace

ByteKernels avx512_byte_kernels() { return {12, split, tile}; }

}  // namespace hone::cpu

#endif
