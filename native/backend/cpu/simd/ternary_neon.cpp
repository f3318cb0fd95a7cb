#include "backend/cpu/simd/ternary_neon.h"

#if defined(__ARM_NEON)

namespace hone::cpu {
namespace {

using neon::load;

/// Without dot products: sixteen products in 16 bits (at most 2 · 2 · 128), pairs of which move to 32.
inline int32x4_t dot(int32x4_t sum, int8x16_t codes, int8x16_t q) {
  int16x8_t products = vmull_s8(vget_low_s8(codes), vget_low_s8(q));
  products = vmlal_high_s8(products, codes, q);
  return vpadalq_s16(sum, products);
}

void round_row(const float* x, float to_integer, int8_t* q, int64_t n) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    int16x8_t halves[2];
    for (int h = 0; h < 2; ++h) {
      const int32x4_t low = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + i + 8 * h), to_integer));
      const int32x4_t high = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + i + 8 * h + 4), to_integer));
      halves[h] = vcombine_s16(vqmovn_s32(low), vqmovn_s32(high));
    }
    vst1q_s8(q + i, vcombine_s8(vqmovn_s16(halves[0]), vqmovn_s16(halves[1])));
  }
  for (; i < n; ++i) {
    const int32_t value = vcvtns_s32_f32(x[i] * to_integer);
    q[i] = static_cast<int8_t>(value < -128 ? -128 : value > 127 ? 127 : value);
  }
}

int32_t sum(const int8_t* q, int64_t n) {
  int32x4_t total = vdupq_n_s32(0);
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) total = vpadalq_s16(total, vpaddlq_s8(load(q + i)));
  int32_t result = vaddvq_s32(total);
  for (; i < n; ++i) result += q[i];
  return result;
}

void unpack_tq2_0(const std::byte* block, uint8_t* codes) {
  for (int part = 0; part < 4; ++part) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(block) + 16 * part);
    auto* out = reinterpret_cast<int8_t*>(codes) + part / 2 * 128 + part % 2 * 16;
    vst1q_s8(out, neon::plane<0>(bytes));
    vst1q_s8(out + 32, neon::plane<1>(bytes));
    vst1q_s8(out + 64, neon::plane<2>(bytes));
    vst1q_s8(out + 96, neon::plane<3>(bytes));
  }
}

int32_t dot_codes(const uint8_t* codes, const int8_t* q, int64_t n) {
  int32x4_t total = vdupq_n_s32(0);
  for (int64_t i = 0; i < n; i += 16) total = dot(total, load(codes + i), load(q + i));
  return vaddvq_s32(total);
}

float dot_tq2_0(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums) {
  return neon::dot_row(row, blocks, q, sums, dot);
}

/// Four rows of sixteen codes, seen as a 4 x 4 matrix of groups of four, transposed.
inline void interleave4(const uint8_t* codes, int64_t stride, uint8_t* panel) {
  const auto row = [&](int r) { return vreinterpretq_u32_u8(vld1q_u8(codes + r * stride)); };
  const uint32x4x2_t low = vtrnq_u32(row(0), row(1)), high = vtrnq_u32(row(2), row(3));
  const auto store = [&](int s, uint32x2_t first, uint32x2_t second) {
    vst1q_u8(panel + s * 64, vreinterpretq_u8_u32(vcombine_u32(first, second)));
  };
  store(0, vget_low_u32(low.val[0]), vget_low_u32(high.val[0]));
  store(1, vget_low_u32(low.val[1]), vget_low_u32(high.val[1]));
  store(2, vget_high_u32(low.val[0]), vget_high_u32(high.val[0]));
  store(3, vget_high_u32(low.val[1]), vget_high_u32(high.val[1]));
}

void interleave16(const uint8_t* codes, int64_t stride, int64_t n, uint8_t* panel) {
  for (int64_t k = 0; k < n; k += 16) {
    for (int j = 0; j < 16; j += 4) interleave4(codes + j * stride + k, stride, panel + k * 16 + j * 4);
  }
}

void interleave_rows(const uint8_t* codes, int64_t depth, int64_t width, uint8_t* panel) {
  for (int64_t k = 0; k < depth; k += 4, codes += 4 * width) {
    for (int64_t j = 0; j < width; j += 16) {
      // Storing four vectors element by element interleaves them.
      const uint8x16x4_t rows = {{vld1q_u8(codes + j), vld1q_u8(codes + width + j), vld1q_u8(codes + 2 * width + j),
                                  vld1q_u8(codes + 3 * width + j)}};
      vst4q_u8(panel + j * depth + k * 16, rows);
    }
  }
}

template <int M>
void tile_of(int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row, const uint8_t* panel,
             const float* scales, float* c) {
  int32x4_t totals[M][4];
  for (int i = 0; i < M; ++i) {
    for (int v = 0; v < 4; ++v) totals[i][v] = vdupq_n_s32(-sums[i * sums_row]);
  }
  for (int64_t s = 0; s < n; s += 4, panel += 64) {
    for (int i = 0; i < M; ++i) {
      int32_t four;
      std::memcpy(&four, q + i * q_row + s, 4);
      const int8x8_t input = vreinterpret_s8_s32(vdup_n_s32(four));
#pragma GCC unroll 4
      for (int v = 0; v < 4; ++v) {
        const int8x16_t codes = load(panel + 16 * v);
        const int16x8_t low = vmull_s8(vget_low_s8(codes), input), high = vmull_s8(vget_high_s8(codes), input);
        // Neighbours twice: the four products of one output meet in one lane.
        totals[i][v] = vpadalq_s16(totals[i][v], vpaddq_s16(low, high));
      }
    }
  }
  for (int i = 0; i < M; ++i) neon::add_scaled(c + i * 16, scales, totals[i]);
}

using TileOf = void (*)(int64_t, const int8_t*, int64_t, const int32_t*, int64_t, const uint8_t*, const float*, float*);
constexpr TileOf kTiles[4] = {tile_of<1>, tile_of<2>, tile_of<3>, tile_of<4>};

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  kTiles[m - 1](n, q, q_row, sums, sums_row, panel, scales, c);
}

}  // namespace

/// Base 3 stays with the plain loops, which a compiler turns into vectors.
TernaryKernels neon_ternary_kernels() {
  TernaryKernels kernels = scalar_ternary_kernels();
  kernels.round = round_row;
  kernels.sum = sum;
  kernels.unpack_tq2_0 = unpack_tq2_0;
  kernels.dot_codes = dot_codes;
  kernels.dot_tq2_0 = dot_tq2_0;
  kernels.interleave16 = interleave16;
  kernels.interleave_rows = interleave_rows;
  kernels.tile_rows = 4;
  kernels.tile = tile;
  return kernels;
}

}  // namespace hone::cpu

#endif
