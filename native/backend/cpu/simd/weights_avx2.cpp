#include "backend/cpu/simd/weight_readers_avx2.h"

#if defined(__AVX2__)

#include "quant/codec.h"

namespace hone::cpu {
namespace {

inline float add_lanes(__m256 v) {
  __m128 sum = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
  return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

/// The readers hand out 32 weights at a time, and 8 at the end of rows of half floats, to one of these.
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

/// Reads `n` weights of a type that has a loop here; false for the others. Half floats must come in eights.
template <class Sink>
bool read(DType dtype, const std::byte* w, int64_t n, Sink& sink) {
  switch (dtype) {
    case DType::F16: read_halves<f16_at>(w, n, sink); return true;
    case DType::BF16: read_halves<bf16_at>(w, n, sink); return true;
    case DType::Q8_0: read_q8_0(w, n, sink); return true;
    case DType::Q4_0: read_q4_0(w, n, sink); return true;
    case DType::Q4_1: read_q4_1(w, n, sink); return true;
    case DType::Q5_0: read_q5_0(w, n, sink); return true;
    case DType::Q5_1: read_q5_1(w, n, sink); return true;
    case DType::IQ4_NL: read_iq4_nl(w, n, sink); return true;
    case DType::Q2_K: read_q2_k(w, n, sink); return true;
    case DType::Q3_K: read_q3_k(w, n, sink); return true;
    case DType::Q5_K: read_q5_k(w, n, sink); return true;
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
    case DType::F16: return dot_of<DType::F16>;
    case DType::BF16: return dot_of<DType::BF16>;
    case DType::Q8_0: return dot_of<DType::Q8_0>;
    case DType::Q4_0: return dot_of<DType::Q4_0>;
    case DType::Q4_1: return dot_of<DType::Q4_1>;
    case DType::Q5_0: return dot_of<DType::Q5_0>;
    case DType::Q5_1: return dot_of<DType::Q5_1>;
    case DType::IQ4_NL: return dot_of<DType::IQ4_NL>;
    case DType::Q2_K: return dot_of<DType::Q2_K>;
    case DType::Q3_K: return dot_of<DType::Q3_K>;
    case DType::Q5_K: return dot_of<DType::Q5_K>;
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
