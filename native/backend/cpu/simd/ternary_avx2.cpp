#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

#include <immintrin.h>

#include <cstring>

namespace hone::cpu {
namespace {

inline __m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
inline void store(void* p, __m256i v) { _mm256_storeu_si256(static_cast<__m256i*>(p), v); }

inline int32_t add_lanes(__m256i v) {
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
  return _mm_cvtsi128_si32(sum);
}

/// Rounds to nearest even as nearbyint does, then clamps: packs saturate to -128 … 127. Values far outside int32
/// cannot occur, because the factor maps the largest magnitude of the row to 127.
void round_row(const float* x, float to_integer, int8_t* q, int64_t n) {
  const __m256 factor = _mm256_set1_ps(to_integer);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m256i v[4];
    for (int j = 0; j < 4; ++j) v[j] = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + i + 8 * j), factor));
    const __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3]));
    store(q + i, _mm256_permutevar8x32_epi32(bytes, order));
  }
  for (; i < n; ++i) {
    const int value = _mm_cvtss_si32(_mm_set_ss(x[i] * to_integer));
    q[i] = static_cast<int8_t>(value < -128 ? -128 : value > 127 ? 127 : value);
  }
}

int32_t sum(const int8_t* q, int64_t n) {
  const __m256i ones8 = _mm256_set1_epi8(1), ones16 = _mm256_set1_epi16(1);
  __m256i total = _mm256_setzero_si256();
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    total = _mm256_add_epi32(total, _mm256_madd_epi16(_mm256_maddubs_epi16(ones8, load(q + i)), ones16));
  }
  int32_t result = add_lanes(total);
  for (; i < n; ++i) result += q[i];
  return result;
}

void unpack_tq2_0(const std::byte* block, uint8_t* codes) {
  const __m256i three = _mm256_set1_epi8(3);
  for (int g = 0; g < 2; ++g) {
    const __m256i bytes = load(block + 32 * g);
    store(codes + 128 * g, _mm256_and_si256(bytes, three));
    store(codes + 128 * g + 32, _mm256_and_si256(_mm256_srli_epi16(bytes, 2), three));
    store(codes + 128 * g + 64, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), three));
    store(codes + 128 * g + 96, _mm256_and_si256(_mm256_srli_epi16(bytes, 6), three));
  }
}

/// Trit of each byte: (3 · ((byte · 3^n) mod 256)) >> 8. Comparing the product with 256/3 and 512/3 gives the same:
/// the trit counts how many of 86 and 171 the low byte reaches.
inline __m256i trits(__m256i bytes) {
  const __m256i reaches1 = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, _mm256_set1_epi8(86)), bytes);
  const __m256i reaches2 = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, _mm256_set1_epi8(static_cast<char>(171))), bytes);
  return _mm256_sub_epi8(_mm256_setzero_si256(), _mm256_add_epi8(reaches1, reaches2));
}

inline __m256i times3(__m256i bytes) { return _mm256_add_epi8(bytes, _mm256_add_epi8(bytes, bytes)); }

void unpack_tq1_0(const std::byte* block, uint8_t* codes) {
  __m256i bytes = load(block);
  for (int n = 0; n < 5; ++n, bytes = times3(bytes)) store(codes + 32 * n, trits(bytes));
  __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 32));
  bytes = _mm256_castsi128_si256(half);
  for (int n = 0; n < 5; ++n, bytes = times3(bytes)) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + 160 + 16 * n), _mm256_castsi256_si128(trits(bytes)));
  }
  int32_t last;
  std::memcpy(&last, block + 48, 4);
  bytes = _mm256_castsi128_si256(_mm_cvtsi32_si128(last));
  for (int n = 0; n < 4; ++n, bytes = times3(bytes)) {
    const int32_t four = _mm_cvtsi128_si32(_mm256_castsi256_si128(trits(bytes)));
    std::memcpy(codes + 240 + 4 * n, &four, 4);
  }
}

void unpack_i2_s(const std::byte* block, uint8_t* codes) {
  const __m256i three = _mm256_set1_epi8(3), bytes = load(block);
  const auto plane = [&](__m256i shifted) {
    const __m256i code = _mm256_and_si256(shifted, three);
    // 3 is never written and counts as weight 0, which is code 1.
    return _mm256_sub_epi8(code, _mm256_and_si256(_mm256_cmpeq_epi8(code, three), _mm256_set1_epi8(2)));
  };
  store(codes, plane(_mm256_srli_epi16(bytes, 6)));
  store(codes + 32, plane(_mm256_srli_epi16(bytes, 4)));
  store(codes + 64, plane(_mm256_srli_epi16(bytes, 2)));
  store(codes + 96, plane(bytes));
}

int32_t dot_codes(const uint8_t* codes, const int8_t* q, int64_t n) {
  // A lane gains at most 2 · 3 · 128 per step and 8 steps fit 16 bits.
  __m256i total = _mm256_setzero_si256();
  for (int64_t i = 0; i < n; i += 32) {
    total = _mm256_add_epi16(total, _mm256_maddubs_epi16(load(codes + i), load(q + i)));
  }
  return add_lanes(_mm256_madd_epi16(total, _mm256_set1_epi16(1)));
}

inline int32_t dot_block(const std::byte* block, const int8_t* q) {
  const __m256i three = _mm256_set1_epi8(3);
  __m256i total = _mm256_setzero_si256();
#pragma GCC unroll 2
  for (int g = 0; g < 2; ++g, q += 128) {
    const __m256i bytes = load(block + 32 * g);
    const __m256i p0 = _mm256_maddubs_epi16(_mm256_and_si256(bytes, three), load(q));
    const __m256i p1 = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 2), three), load(q + 32));
    const __m256i p2 = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), three), load(q + 64));
    const __m256i p3 = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 6), three), load(q + 96));
    total = _mm256_add_epi16(total, _mm256_add_epi16(_mm256_add_epi16(p0, p1), _mm256_add_epi16(p2, p3)));
  }
  return add_lanes(_mm256_madd_epi16(total, _mm256_set1_epi16(1)));
}

float dot_tq2_0(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums) {
  float total = 0;
  for (int64_t b = 0; b < blocks; ++b, row += 66, q += 256) {
    uint16_t scale;
    std::memcpy(&scale, row + 64, 2);
    total += _cvtsh_ss(scale) * static_cast<float>(dot_block(row, q) - sums[b]);
  }
  return total;
}

/// Eight rows of 32 codes, seen as an 8 x 8 matrix of groups of four, transposed.
inline void interleave8(const uint8_t* codes, int64_t stride, uint8_t* panel) {
  __m256i r[8], t[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) r[i] = load(codes + i * stride);
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    store(panel + i * 64, _mm256_permute2x128_si256(r[i], r[i + 4], 0x20));
    store(panel + (i + 4) * 64, _mm256_permute2x128_si256(r[i], r[i + 4], 0x31));
  }
}

void interleave16(const uint8_t* codes, int64_t stride, int64_t n, uint8_t* panel) {
  for (int64_t k = 0; k < n; k += 32, panel += 512) {
    interleave8(codes + k, stride, panel);
    interleave8(codes + 8 * stride + k, stride, panel + 32);
  }
}

void interleave_rows(const uint8_t* codes, int64_t depth, int64_t width, uint8_t* panel) {
  for (int64_t k = 0; k < depth; k += 4, codes += 4 * width) {
    for (int64_t j = 0; j < width; j += 32) {
      const __m256i r0 = load(codes + j), r1 = load(codes + width + j);
      const __m256i r2 = load(codes + 2 * width + j), r3 = load(codes + 3 * width + j);
      const __m256i low01 = _mm256_unpacklo_epi8(r0, r1), high01 = _mm256_unpackhi_epi8(r0, r1);
      const __m256i low23 = _mm256_unpacklo_epi8(r2, r3), high23 = _mm256_unpackhi_epi8(r2, r3);
      // Four columns of each half: 0 and 16, 4 and 20, 8 and 24, 12 and 28.
      const __m256i c0 = _mm256_unpacklo_epi16(low01, low23), c4 = _mm256_unpackhi_epi16(low01, low23);
      const __m256i c8 = _mm256_unpacklo_epi16(high01, high23), c12 = _mm256_unpackhi_epi16(high01, high23);
      uint8_t* first = panel + j / 16 * depth * 16 + k * 16;
      uint8_t* second = first + depth * 16;
      store(first, _mm256_permute2x128_si256(c0, c4, 0x20));
      store(first + 32, _mm256_permute2x128_si256(c8, c12, 0x20));
      store(second, _mm256_permute2x128_si256(c0, c4, 0x31));
      store(second + 32, _mm256_permute2x128_si256(c8, c12, 0x31));
    }
  }
}

/// Four codes of a row, at any address.
struct Four {
  int8_t q[4];
};

/// M tokens by 16 outputs. Pairs of products are summed in 16 bits: 32 steps of at most 2 · 3 · 128 fit, so the
/// sums move to 32 bits every 128 weights.
template <int M>
void tile_of(int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row, const uint8_t* panel,
             const float* scales, float* c) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i totals[M][2];
#pragma GCC unroll 6
  for (int i = 0; i < M; ++i) totals[i][0] = totals[i][1] = _mm256_set1_epi32(-sums[i * sums_row]);

  for (int64_t part = 0; part < n; part += 128) {
    const int64_t steps = (n - part < 128 ? n - part : 128) / 4;
    __m256i pairs[M][2];
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) pairs[i][0] = pairs[i][1] = _mm256_setzero_si256();
    const int8_t* input = q + part;
    for (int64_t s = 0; s < steps; ++s) {
      const __m256i left = load(panel), right = load(panel + 32);
#pragma GCC unroll 6
      for (int i = 0; i < M; ++i) {
        // Written out, because compilers load all rows first, run out of registers and spill the sums.
        __m256i x, product;
        asm("vpbroadcastd %[input], %[x]\n\t"
            "vpmaddubsw %[x], %[left], %[product]\n\t"
            "vpaddw %[product], %[first], %[first]\n\t"
            "vpmaddubsw %[x], %[right], %[x]\n\t"
            "vpaddw %[x], %[second], %[second]"
            : [first] "+x"(pairs[i][0]), [second] "+x"(pairs[i][1]), [x] "=&x"(x), [product] "=&x"(product)
            : [input] "m"(*reinterpret_cast<const Four*>(input + i * q_row)), [left] "x"(left), [right] "x"(right));
      }
      panel += 64;
      input += 4;
    }
#pragma GCC unroll 6
    for (int i = 0; i < M; ++i) {
      totals[i][0] = _mm256_add_epi32(totals[i][0], _mm256_madd_epi16(pairs[i][0], ones));
      totals[i][1] = _mm256_add_epi32(totals[i][1], _mm256_madd_epi16(pairs[i][1], ones));
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

TernaryKernels avx2_ternary_kernels() {
  return {round_row, sum, unpack_tq2_0, unpack_tq1_0, unpack_i2_s, dot_codes, dot_tq2_0, interleave16, interleave_rows,
          6,         tile};
}

}  // namespace hone::cpu

#endif
