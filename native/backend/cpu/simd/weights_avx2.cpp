#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

#include "quant/codec.h"

#include <immintrin.h>

#include <cstring>

namespace hone::cpu {
namespace {

inline float half_at(const std::byte* p) {
  uint16_t half;
  std::memcpy(&half, p, 2);
  return _cvtsh_ss(half);
}

inline float add_lanes(__m256 v) {
  __m128 sum = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
  return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

/// The readers below hand out 32 weights at a time, and 8 at the end of rows of half floats, to one of these.
struct Store {
  float* out;
  void eight(__m256 w) {
    _mm256_storeu_ps(out, w);
    out += 8;
  }
  void four(__m256 a, __m256 b, __m256 c, __m256 d) {
    eight(a);
    eight(b);
    eight(c);
    eight(d);
  }
};

/// Four sums hide the latency of the multiply-add.
struct Dot {
  const float* x;
  __m256 s0 = _mm256_setzero_ps(), s1 = _mm256_setzero_ps(), s2 = _mm256_setzero_ps(), s3 = _mm256_setzero_ps();
  void eight(__m256 w) {
    s0 = _mm256_fmadd_ps(w, _mm256_loadu_ps(x), s0);
    x += 8;
  }
  void four(__m256 a, __m256 b, __m256 c, __m256 d) {
    s0 = _mm256_fmadd_ps(a, _mm256_loadu_ps(x), s0);
    s1 = _mm256_fmadd_ps(b, _mm256_loadu_ps(x + 8), s1);
    s2 = _mm256_fmadd_ps(c, _mm256_loadu_ps(x + 16), s2);
    s3 = _mm256_fmadd_ps(d, _mm256_loadu_ps(x + 24), s3);
    x += 32;
  }
  float total() const { return add_lanes(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3))); }
};

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

/// Reads `n` weights of a type that has a loop here; false for the others. Half floats must come in eights.
template <class Sink>
bool read(DType dtype, const std::byte* w, int64_t n, Sink& sink) {
  switch (dtype) {
    case DType::F16: read_halves<f16_at>(w, n, sink); return true;
    case DType::BF16: read_halves<bf16_at>(w, n, sink); return true;
    case DType::Q8_0: read_q8_0(w, n, sink); return true;
    case DType::Q4_0: read_q4_0(w, n, sink); return true;
    case DType::Q4_K: read_q4_k(w, n, sink); return true;
    case DType::Q6_K: read_q6_k(w, n, sink); return true;
    case DType::TQ2_0: read_tq2_0(w, n, sink); return true;
    case DType::TQ1_0: read_tq1_0(w, n, sink); return true;
    default: return false;
  }
}

void decode(DType dtype, const std::byte* blocks, float* out, int64_t n) {
  // Only half floats can leave a tail: all other types here come in blocks of at least 32.
  const int64_t whole = n / 8 * 8;
  Store sink{out};
  if (!read(dtype, blocks, whole, sink)) {
    decode_row(dtype, blocks, out, n);
  } else if (whole < n) {
    decode_row(dtype, blocks + 2 * whole, out + whole, n - whole);
  }
}

float dot_f32(const std::byte* blocks, const float* x, int64_t n) {
  const auto* w = reinterpret_cast<const float*>(blocks);
  Dot dot{x};
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    dot.four(_mm256_loadu_ps(w + i), _mm256_loadu_ps(w + i + 8), _mm256_loadu_ps(w + i + 16),
             _mm256_loadu_ps(w + i + 24));
  }
  float total = dot.total();
  for (; i < n; ++i) total += w[i] * x[i];
  return total;
}

template <DType kType>
float dot_of(const std::byte* blocks, const float* x, int64_t n) {
  const int64_t whole = n / 8 * 8;
  Dot dot{x};
  read(kType, blocks, whole, dot);
  float total = dot.total();
  if (whole < n) {
    float tail[8];
    decode_row(kType, blocks + 2 * whole, tail, n - whole);
    for (int64_t i = whole; i < n; ++i) total += tail[i - whole] * x[i];
  }
  return total;
}

WeightKernels::Dot find_dot(DType dtype) {
  switch (dtype) {
    case DType::F32: return dot_f32;
    case DType::F16: return dot_of<DType::F16>;
    case DType::BF16: return dot_of<DType::BF16>;
    case DType::Q8_0: return dot_of<DType::Q8_0>;
    case DType::Q4_0: return dot_of<DType::Q4_0>;
    case DType::Q4_K: return dot_of<DType::Q4_K>;
    case DType::Q6_K: return dot_of<DType::Q6_K>;
    case DType::TQ2_0: return dot_of<DType::TQ2_0>;
    case DType::TQ1_0: return dot_of<DType::TQ1_0>;
    default: return nullptr;
  }
}

}  // namespace

WeightKernels avx2_weight_kernels() { return {decode, find_dot}; }

}  // namespace hone::cpu

#endif
