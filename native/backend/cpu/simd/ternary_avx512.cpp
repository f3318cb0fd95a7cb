#include "backend/cpu/simd/tables.h"

#if defined(__AVX512VNNI__)

#include <immintrin.h>

#include <cstring>

namespace hone::cpu {
namespace {

inline __m512i load(const void* p) { return _mm512_loadu_si512(p); }

/// Four codes of a row, at any address.
struct Four {
  int8_t q[4];
};

int32_t sum(const int8_t* q, int64_t n) {
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i total = _mm512_setzero_si512();
  int64_t i = 0;
  for (; i + 64 <= n; i += 64) total = _mm512_dpbusd_epi32(total, ones, load(q + i));
  int32_t result = _mm512_reduce_add_epi32(total);
  for (; i < n; ++i) result += q[i];
  return result;
}

int32_t dot_codes(const uint8_t* codes, const int8_t* q, int64_t n) {
  __m512i total = _mm512_setzero_si512();
  for (int64_t i = 0; i < n; i += 64) {
    const __mmask64 mask = n - i >= 64 ? ~__mmask64{0} : 0xffffffffu;
    total = _mm512_dpbusd_epi32(total, _mm512_maskz_loadu_epi8(mask, codes + i), _mm512_maskz_loadu_epi8(mask, q + i));
  }
  return _mm512_reduce_add_epi32(total);
}

/// Both groups of a block lie in one vector; the inputs of each of its four planes come from two places.
inline __m512i block_lanes(const std::byte* block, const int8_t* q) {
  const __m512i three = _mm512_set1_epi8(3), bytes = load(block);
  const auto inputs = [q](int plane) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(q + 32 * plane));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(q + 128 + 32 * plane));
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
  };
  __m512i total = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_and_si512(bytes, three), inputs(0));
  total = _mm512_dpbusd_epi32(total, _mm512_and_si512(_mm512_srli_epi16(bytes, 2), three), inputs(1));
  total = _mm512_dpbusd_epi32(total, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), three), inputs(2));
  return _mm512_dpbusd_epi32(total, _mm512_and_si512(_mm512_srli_epi16(bytes, 6), three), inputs(3));
}

float dot_tq2_0(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums) {
  float total = 0;
  for (int64_t b = 0; b < blocks; ++b, row += 66, q += 256) {
    uint16_t scale;
    std::memcpy(&scale, row + 64, 2);
    total += _cvtsh_ss(scale) * static_cast<float>(_mm512_reduce_add_epi32(block_lanes(row, q)) - sums[b]);
  }
  return total;
}

/// M tokens by 16 outputs: one instruction per token multiplies four codes of every output.
template <int M>
void tile_of(int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row, const uint8_t* panel,
             const float* scales, float* c) {
  __m512i totals[M];
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) totals[i] = _mm512_set1_epi32(-sums[i * sums_row]);
  const int8_t* rows[4] = {q, q + 3 * q_row, q + 6 * q_row, q + 9 * q_row};
  for (int64_t s = 0; s < n; s += 4, panel += 64) {
    const __m512i codes = load(panel);
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
  const __m512 factors = _mm512_loadu_ps(scales);
#pragma GCC unroll 12
  for (int i = 0; i < M; ++i) {
    const __m512 product = _mm512_mul_ps(factors, _mm512_cvtepi32_ps(totals[i]));
    _mm512_storeu_ps(c + i * 16, _mm512_add_ps(_mm512_loadu_ps(c + i * 16), product));
  }
}

using TileOf = void (*)(int64_t, const int8_t*, int64_t, const int32_t*, int64_t, const uint8_t*, const float*, float*);
constexpr TileOf kTiles[12] = {tile_of<1>, tile_of<2>, tile_of<3>, tile_of<4>,  tile_of<5>,  tile_of<6>,
                               tile_of<7>, tile_of<8>, tile_of<9>, tile_of<10>, tile_of<11>, tile_of<12>};

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  kTiles[m - 1](n, q, q_row, sums, sums_row, panel, scales, c);
}

}  // namespace

/// Rounding and unpacking stay with AVX2: they are bound by memory or a small share of the work.
TernaryKernels avx512_ternary_kernels() {
  TernaryKernels kernels = avx2_ternary_kernels();
  kernels.sum = sum;
  kernels.dot_codes = dot_codes;
  kernels.dot_tq2_0 = dot_tq2_0;
  kernels.tile_rows = 12;
  kernels.tile = tile;
  return kernels;
}

}  // namespace hone::cpu

#endif
