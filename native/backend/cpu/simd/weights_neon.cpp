#include "backend/cpu/simd/tables.h"

#if defined(__ARM_NEON)

#include "quant/codec.h"

#include <arm_neon.h>

#include <cstring>

/// Loops over stored weights for the types that models on phones come in; the others use the plain decoder. The
/// arithmetic is that of decode_row, unfused, so both give the same bits.
namespace hone::cpu {
namespace {

inline float half_at(const std::byte* p) {
  __fp16 half;
  std::memcpy(&half, p, 2);
  return static_cast<float>(half);
}

inline uint8x16_t load16(const std::byte* p) { return vld1q_u8(reinterpret_cast<const uint8_t*>(p)); }

/// Sixteen signed codes as floats.
struct Sixteen {
  float32x4_t part[4];
};

inline Sixteen floats(int8x16_t codes) {
  const int16x8_t low = vmovl_s8(vget_low_s8(codes)), high = vmovl_high_s8(codes);
  return {{vcvtq_f32_s32(vmovl_s16(vget_low_s16(low))), vcvtq_f32_s32(vmovl_high_s16(low)),
           vcvtq_f32_s32(vmovl_s16(vget_low_s16(high))), vcvtq_f32_s32(vmovl_high_s16(high))}};
}

inline int8x16_t low_nibbles(uint8x16_t bytes) { return vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(15))); }
inline int8x16_t high_nibbles(uint8x16_t bytes) { return vreinterpretq_s8_u8(vshrq_n_u8(bytes, 4)); }

/// The readers hand out four weights at a time to one of these.
struct Store {
  float* out;
  void four(float32x4_t w) {
    vst1q_f32(out, w);
    out += 4;
  }
};

struct Dot {
  const float* x;
  float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
  int next = 0;
  void four(float32x4_t w) {
    sums[next] = vfmaq_f32(sums[next], w, vld1q_f32(x));
    next = (next + 1) % 4;
    x += 4;
  }
  float total() const { return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3]))); }
};

/// w = factor * code.
template <class Sink>
inline void give(int8x16_t codes, float factor, Sink& sink) {
  const Sixteen values = floats(codes);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) sink.four(vmulq_n_f32(values.part[i], factor));
}

/// w = factor * code - shift.
template <class Sink>
inline void give(int8x16_t codes, float factor, float shift, Sink& sink) {
  const Sixteen values = floats(codes);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) sink.four(vsubq_f32(vmulq_n_f32(values.part[i], factor), vdupq_n_f32(shift)));
}

template <class Sink>
void read_f16(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 4, w += 8) {
    float16x4_t halves;
    std::memcpy(&halves, w, 8);
    sink.four(vcvt_f32_f16(halves));
  }
}

template <class Sink>
void read_q8_0(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 32, w += 34) {
    const float d = half_at(w);
    give(vreinterpretq_s8_u8(load16(w + 2)), d, sink);
    give(vreinterpretq_s8_u8(load16(w + 18)), d, sink);
  }
}

template <class Sink>
void read_q4_0(const std::byte* w, int64_t n, Sink& sink) {
  const int8x16_t eight = vdupq_n_s8(8);
  for (int64_t i = 0; i < n; i += 32, w += 18) {
    const float d = half_at(w);
    const uint8x16_t bytes = load16(w + 2);
    give(vsubq_s8(low_nibbles(bytes), eight), d, sink);
    give(vsubq_s8(high_nibbles(bytes), eight), d, sink);
  }
}

/// Scale and minimum of group j of the eight of a Q4_K block, six bits each (see quant/q45_k.h).
inline void scale_and_minimum(const uint8_t* s, int j, int& scale, int& minimum) {
  scale = j < 4 ? s[j] & 63 : (s[j + 4] & 15) | s[j - 4] >> 6 << 4;
  minimum = j < 4 ? s[j + 4] & 63 : s[j + 4] >> 4 | s[j] >> 6 << 4;
}

template <class Sink>
void read_q4_k(const std::byte* w, int64_t n, Sink& sink) {
  for (int64_t i = 0; i < n; i += 256, w += 144) {
    const float d = half_at(w), dmin = half_at(w + 2);
    for (int j = 0; j < 8; ++j) {
      int scale, minimum;
      scale_and_minimum(reinterpret_cast<const uint8_t*>(w) + 4, j, scale, minimum);
      const float step = d * static_cast<float>(scale), shift = dmin * static_cast<float>(minimum);
      for (int part = 0; part < 2; ++part) {
        const uint8x16_t bytes = load16(w + 16 + 32 * (j / 2) + 16 * part);
        give(j % 2 ? high_nibbles(bytes) : low_nibbles(bytes), step, shift, sink);
      }
    }
  }
}

/// Reads `n` weights of a type that has a loop here; false for the others. Half floats must come in fours.
template <class Sink>
bool read(DType dtype, const std::byte* w, int64_t n, Sink& sink) {
  switch (dtype) {
    case DType::F16: read_f16(w, n, sink); return true;
    case DType::Q8_0: read_q8_0(w, n, sink); return true;
    case DType::Q4_0: read_q4_0(w, n, sink); return true;
    case DType::Q4_K: read_q4_k(w, n, sink); return true;
    default: return false;
  }
}

void decode(DType dtype, const std::byte* blocks, float* out, int64_t n) {
  const int64_t whole = n / 4 * 4;  // only half floats can leave a tail
  Store sink{out};
  if (!read(dtype, blocks, whole, sink)) {
    decode_row(dtype, blocks, out, n);
  } else if (whole < n) {
    decode_row(dtype, blocks + 2 * whole, out + whole, n - whole);
  }
}

template <DType kType>
float dot_of(const std::byte* blocks, const float* x, int64_t n) {
  const int64_t whole = n / 4 * 4;
  Dot dot{x};
  read(kType, blocks, whole, dot);
  float total = dot.total();
  if (whole < n) {
    float tail[4];
    decode_row(kType, blocks + 2 * whole, tail, n - whole);
    for (int64_t i = whole; i < n; ++i) total += tail[i - whole] * x[i];
  }
  return total;
}

WeightKernels::Dot find_dot(DType dtype) {
  switch (dtype) {
    case DType::F16: return dot_of<DType::F16>;
    case DType::Q8_0: return dot_of<DType::Q8_0>;
    case DType::Q4_0: return dot_of<DType::Q4_0>;
    case DType::Q4_K: return dot_of<DType::Q4_K>;
    default: return nullptr;
  }
}

}  // namespace

WeightKernels neon_weight_kernels() { return {decode, find_dot}; }

}  // namespace hone::cpu

#endif
