#include "backend/cpu/simd/tables.h"

#if defined(__AVX512F__)

#include <immintrin.h>

#include <cstring>

/// Dots with weights as they are stored, for the types that small models come in. Decoding to memory stays with AVX2:
/// it is a small share of a large product.
namespace hone::cpu {
namespace {

inline __m128i load16(const std::byte* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

inline __m512 half_at(const std::byte* p) {
  uint16_t half;
  std::memcpy(&half, p, 2);
  return _mm512_set1_ps(_cvtsh_ss(half));
}

inline __m512 floats(__m128i bytes) { return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes)); }

/// The 32 codes of a block against x, before the scale of the block.
inline __m512 block_lanes(__m128i first, __m128i second, const float* x) {
  return _mm512_fmadd_ps(floats(second), _mm512_loadu_ps(x + 16), _mm512_mul_ps(floats(first), _mm512_loadu_ps(x)));
}

struct Q8_0 {
  static constexpr int64_t kBytes = 34;
  static __m512 lanes(const std::byte* block, const float* x) {
    return block_lanes(load16(block + 2), load16(block + 18), x);
  }
};

struct Q4_0 {
  static constexpr int64_t kBytes = 18;
  static __m512 lanes(const std::byte* block, const float* x) {
    const __m128i low = _mm_set1_epi8(15), eight = _mm_set1_epi8(8), bytes = load16(block + 2);
    return block_lanes(_mm_sub_epi8(_mm_and_si128(bytes, low), eight),
                       _mm_sub_epi8(_mm_and_si128(_mm_srli_epi16(bytes, 4), low), eight), x);
  }
};

/// Σ_b d_b · Σ codes · x, two blocks at a time so that their sums do not wait for each other.
template <class Type>
float dot_of(const std::byte* w, const float* x, int64_t n) {
  __m512 even = _mm512_setzero_ps(), odd = even;
  int64_t i = 0;
  for (; i + 64 <= n; i += 64, w += 2 * Type::kBytes, x += 64) {
    even = _mm512_fmadd_ps(half_at(w), Type::lanes(w, x), even);
    odd = _mm512_fmadd_ps(half_at(w + Type::kBytes), Type::lanes(w + Type::kBytes, x + 32), odd);
  }
  if (i < n) even = _mm512_fmadd_ps(half_at(w), Type::lanes(w, x), even);
  return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

WeightKernels::Dot find_dot(DType dtype) {
  switch (dtype) {
    case DType::Q8_0: return dot_of<Q8_0>;
    case DType::Q4_0: return dot_of<Q4_0>;
    default: return avx2_weight_kernels().find_dot(dtype);
  }
}

}  // namespace

WeightKernels avx512_weight_kernels() { return {avx2_weight_kernels().decode, find_dot}; }

}  // namespace hone::cpu

#endif
