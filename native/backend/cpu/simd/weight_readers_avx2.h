#pragma once

#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

#include <immintrin.h>

#include <cstring>

/// Loops over stored weights, one per block format (quant/ holds what the bytes mean). Each hands its weights to a
/// sink, 32 at a time by `four` and, at the end of rows of half floats, 8 by `eight`. The arithmetic is that of
/// decode_row, unfused, so both give the same bits. Included by one *_avx2.cpp only.
namespace hone::cpu {
namespace {

inline float half_at(const std::byte* p) {
  uint16_t half;
  std::memcpy(&half, p, 2);
  return _cvtsh_ss(half);
}

inline __m128i load16(const std::byte* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
inline __m256i load32(const std::byte* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }

inline __m256 low8(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)); }
inline __m256 high8(__m128i bytes) { return low8(_mm_srli_si128(bytes, 8)); }

/// Thirty-two signed bytes, each half times its factor.
template <class Sink>
inline void give32(__m128i first, __m128i second, __m256 factor1, __m256 factor2, Sink& sink) {
  sink.four(_mm256_mul_ps(low8(first), factor1), _mm256_mul_ps(high8(first), factor1),
            _mm256_mul_ps(low8(second), factor2), _mm256_mul_ps(high8(second), factor2));
}

template <class Sink>
inline void give32(__m256i bytes, __m256 factor1, __m256 factor2, Sink& sink) {
  give32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1), factor1, factor2, sink);
}

inline __m256 f16_at(const std::byte* w) { return _mm256_cvtph_ps(load16(w)); }

inline __m256 bf16_at(const std::byte* w) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(load16(w)), 16));
}

template <__m256 (*kAt)(const std::byte*), class Sink>
void read_halves(const std::byte* w, int64_t n, Sink& sink) {
  for (; n >= 32; n -= 32, w += 64) sink.four(kAt(w), kAt(w + 16), kAt(w + 32), kAt(w + 48));
  for (; n > 0; n -= 8, w += 16) sink.eight(kAt(w));
}

template <class Sink>
void read_q8_0(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 32, w += 34) {
    const __m256 d = _mm256_set1_ps(half_at(w));
    give32(load16(w + 2), load16(w + 18), d, d, sink);
  }
}

template <class Sink>
void read_q4_0(const std::byte* w, int64_t n, Sink& sink) {
  const __m128i low = _mm_set1_epi8(15), eight = _mm_set1_epi8(8);
  for (int64_t i = 0; i < n; i += 32, w += 18) {
    const __m256 d = _mm256_set1_ps(half_at(w));
    const __m128i bytes = load16(w + 2);
    give32(_mm_sub_epi8(_mm_and_si128(bytes, low), eight),
           _mm_sub_epi8(_mm_and_si128(_mm_srli_epi16(bytes, 4), low), eight), d, d, sink);
  }
}

/// The eight 6-bit scales and minimums of Q4_K.
inline void k_scale(const std::byte* s, int j, float& scale, float& minimum) {
  const auto at = [&](int i) { return static_cast<unsigned>(s[i]); };
  const unsigned sc = j < 4 ? at(j) & 63 : (at(j + 4) & 15) | at(j - 4) >> 6 << 4;
  const unsigned mn = j < 4 ? at(j + 4) & 63 : at(j + 4) >> 4 | at(j) >> 6 << 4;
  scale = static_cast<float>(sc);
  minimum = static_cast<float>(mn);
}

template <class Sink>
void read_q4_k(const std::byte* w, int64_t n, Sink& sink) {
  const __m128i low = _mm_set1_epi8(15);
  for (int64_t i = 0; i < n; i += 256, w += 144) {
    const float d = half_at(w), dmin = half_at(w + 2);
    for (int j = 0; j < 8; ++j) {
      float scale, minimum;
      k_scale(w + 4, j, scale, minimum);
      const __m256 factor = _mm256_set1_ps(d * scale), offset = _mm256_set1_ps(dmin * minimum);
      const std::byte* codes = w + 16 + 32 * (j / 2);
      __m128i first = load16(codes), second = load16(codes + 16);
      first = _mm_and_si128(j % 2 ? _mm_srli_epi16(first, 4) : first, low);
      second = _mm_and_si128(j % 2 ? _mm_srli_epi16(second, 4) : second, low);
      sink.four(_mm256_sub_ps(_mm256_mul_ps(low8(first), factor), offset),
                _mm256_sub_ps(_mm256_mul_ps(high8(first), factor), offset),
                _mm256_sub_ps(_mm256_mul_ps(low8(second), factor), offset),
                _mm256_sub_ps(_mm256_mul_ps(high8(second), factor), offset));
    }
  }
}

template <class Sink>
void read_q6_k(const std::byte* w, int64_t n, Sink& sink) {
  const __m256i low = _mm256_set1_epi8(15), high = _mm256_set1_epi8(48), middle = _mm256_set1_epi8(32);
  for (int64_t i = 0; i < n; i += 256, w += 210) {
    const float d = half_at(w + 208);
    for (int half = 0; half < 2; ++half) {
      const __m256i l0 = load32(w + 64 * half), l1 = load32(w + 64 * half + 32), h = load32(w + 128 + 32 * half);
      const __m256i codes[4] = {
          _mm256_or_si256(_mm256_and_si256(l0, low), _mm256_and_si256(_mm256_slli_epi16(h, 4), high)),
          _mm256_or_si256(_mm256_and_si256(l1, low), _mm256_and_si256(_mm256_slli_epi16(h, 2), high)),
          _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(l0, 4), low), _mm256_and_si256(h, high)),
          _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(l1, 4), low),
                          _mm256_and_si256(_mm256_srli_epi16(h, 2), high))};
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const auto scale = [&](int s) {
          return _mm256_set1_ps(d * static_cast<float>(static_cast<int8_t>(w[192 + 8 * half + 2 * j + s])));
        };
        give32(_mm256_sub_epi8(codes[j], middle), scale(0), scale(1), sink);
      }
    }
  }
}

template <class Sink>
void read_tq2_0(const std::byte* w, int64_t n, Sink& sink) {
  const __m256i three = _mm256_set1_epi8(3), one = _mm256_set1_epi8(1);
  for (int64_t i = 0; i < n; i += 256, w += 66) {
    const __m256 d = _mm256_set1_ps(half_at(w + 64));
    for (int g = 0; g < 2; ++g) {
      const __m256i bytes = load32(w + 32 * g);
      const __m256i planes[4] = {bytes, _mm256_srli_epi16(bytes, 2), _mm256_srli_epi16(bytes, 4),
                                 _mm256_srli_epi16(bytes, 6)};
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) give32(_mm256_sub_epi8(_mm256_and_si256(planes[j], three), one), d, d, sink);
    }
  }
}

template <class Sink>
void read_tq1_0(const std::byte* w, int64_t n, Sink& sink) {
  static const auto unpack = avx2_ternary_kernels().unpack_tq1_0;
  const __m256i one = _mm256_set1_epi8(1);
  uint8_t codes[256];
  for (int64_t i = 0; i < n; i += 256, w += 54) {
    const __m256 d = _mm256_set1_ps(half_at(w + 52));
    unpack(w, codes);
    for (int j = 0; j < 256; j += 32) {
      const __m256i q = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + j));
      give32(_mm256_sub_epi8(q, one), d, d, sink);
    }
  }
}

/// Bytes of 0xff where a bit of `bits` is set, in the order of the bits.
inline __m256i spread_bits(uint32_t bits) {
  const __m256i order = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,  //
                                         2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i one_each = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201ULL));
  const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int32_t>(bits)), order);
  return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, one_each), one_each);
}

/// Sixteen bytes of nibbles as 32 codes: low nibbles first.
inline __m256i nibbles(const std::byte* w) {
  const __m128i bytes = load16(w);
  return _mm256_and_si256(_mm256_set_m128i(_mm_srli_epi16(bytes, 4), bytes), _mm256_set1_epi8(15));
}

/// The 32 five-bit codes of Q5_0 and Q5_1.
inline __m256i five_bits(const std::byte* high, const std::byte* low) {
  uint32_t bits;
  std::memcpy(&bits, high, 4);
  return _mm256_or_si256(nibbles(low), _mm256_and_si256(spread_bits(bits), _mm256_set1_epi8(16)));
}

/// code * factor + offset, the halves each with their own.
template <class Sink>
inline void give_scaled32(__m256i codes, __m256 factor1, __m256 offset1, __m256 factor2, __m256 offset2, Sink& sink) {
  const __m128i first = _mm256_castsi256_si128(codes), second = _mm256_extracti128_si256(codes, 1);
  sink.four(_mm256_add_ps(_mm256_mul_ps(low8(first), factor1), offset1),
            _mm256_add_ps(_mm256_mul_ps(high8(first), factor1), offset1),
            _mm256_add_ps(_mm256_mul_ps(low8(second), factor2), offset2),
            _mm256_add_ps(_mm256_mul_ps(high8(second), factor2), offset2));
}

template <class Sink>
void read_q4_1(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 32, w += 20) {
    const __m256 d = _mm256_set1_ps(half_at(w)), m = _mm256_set1_ps(half_at(w + 2));
    give_scaled32(nibbles(w + 4), d, m, d, m, sink);
  }
}

template <class Sink>
void read_q5_0(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 32, w += 22) {
    const __m256 d = _mm256_set1_ps(half_at(w));
    give32(_mm256_sub_epi8(five_bits(w + 2, w + 6), _mm256_set1_epi8(16)), d, d, sink);
  }
}

template <class Sink>
void read_q5_1(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 32, w += 24) {
    const __m256 d = _mm256_set1_ps(half_at(w)), m = _mm256_set1_ps(half_at(w + 2));
    give_scaled32(five_bits(w + 4, w + 8), d, m, d, m, sink);
  }
}

template <class Sink>
void read_iq4_nl(const std::byte* w, int64_t n, Sink& sink) {
  const __m256i steps = _mm256_setr_epi8(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,  //
                                         -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
  for (int64_t i = 0; i < n; i += 32, w += 18) {
    const __m256 d = _mm256_set1_ps(half_at(w));
    give32(_mm256_shuffle_epi8(steps, nibbles(w + 2)), d, d, sink);
  }
}

template <class Sink>
void read_q5_k(const std::byte* w, int64_t n, Sink& sink) {
  const __m256i low = _mm256_set1_epi8(15), sixteen = _mm256_set1_epi8(16);
  for (int64_t i = 0; i < n; i += 256, w += 176) {
    const float d = half_at(w), dmin = half_at(w + 2);
    const __m256i high = load32(w + 16);
    for (int j = 0; j < 8; ++j) {
      float scale, minimum;
      k_scale(w + 4, j, scale, minimum);
      const __m256 factor = _mm256_set1_ps(d * scale), offset = _mm256_set1_ps(-(dmin * minimum));
      const __m256i bytes = load32(w + 48 + 32 * (j / 2));
      const __m256i bit = _mm256_set1_epi8(static_cast<char>(1 << j));
      const __m256i fifth = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(high, bit), bit), sixteen);
      const __m256i codes = _mm256_and_si256(j % 2 ? _mm256_srli_epi16(bytes, 4) : bytes, low);
      give_scaled32(_mm256_or_si256(codes, fifth), factor, offset, factor, offset, sink);
    }
  }
}

/// Element group j of 32 of the 2-bit planes of Q2_K and Q3_K.
inline __m256i plane(const std::byte* w, int j) {
  const __m256i bytes = load32(w + 32 * (j / 4));
  const __m256i shifted = _mm256_srl_epi16(bytes, _mm_cvtsi32_si128(2 * (j % 4)));
  return _mm256_and_si256(shifted, _mm256_set1_epi8(3));
}

template <class Sink>
void read_q2_k(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 256, w += 84) {
    const float d = half_at(w + 80), dmin = half_at(w + 82);
    const auto factor = [&](int g) { return _mm256_set1_ps(d * static_cast<float>(static_cast<int>(w[g]) & 15)); };
    const auto offset = [&](int g) {
      return _mm256_set1_ps(-(dmin * static_cast<float>(static_cast<int>(w[g]) >> 4)));
    };
    for (int j = 0; j < 8; ++j) {
      give_scaled32(plane(w + 16, j), factor(2 * j), offset(2 * j), factor(2 * j + 1), offset(2 * j + 1), sink);
    }
  }
}

template <class Sink>
void read_q3_k(const std::byte* w, int64_t n, Sink& sink) {
  const __m256i four = _mm256_set1_epi8(4);
  for (int64_t i = 0; i < n; i += 256, w += 110) {
    const float d = half_at(w + 108);
    const __m256i high = load32(w);
    const auto factor = [&](int j) {
      const int low = j < 8 ? static_cast<int>(w[96 + j]) & 15 : static_cast<int>(w[96 + j - 8]) >> 4;
      const int top = static_cast<int>(w[96 + 8 + j % 4]) >> (2 * (j / 4)) & 3;
      return _mm256_set1_ps(d * static_cast<float>((low | top << 4) - 32));
    };
    for (int j = 0; j < 8; ++j) {
      const __m256i bit = _mm256_set1_epi8(static_cast<char>(1 << j));
      const __m256i unset = _mm256_cmpeq_epi8(_mm256_and_si256(high, bit), _mm256_setzero_si256());
      give32(_mm256_sub_epi8(plane(w + 32, j), _mm256_and_si256(unset, four)), factor(2 * j), factor(2 * j + 1), sink);
    }
  }
}

}  // namespace
}  // namespace hone::cpu

#endif
