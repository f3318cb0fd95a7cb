#include "backend/cpu/simd/ternary_neon.h"

#if defined(__ARM_FEATURE_DOTPROD)

namespace hone::cpu {
namespace {

using neon::load;

inline int32x4_t dot(int32x4_t sum, int8x16_t codes, int8x16_t q) { return vdotq_s32(sum, codes, q); }

int32_t dot_codes(const uint8_t* codes, const int8_t* q, int64_t n) {
  int32x4_t total = vdupq_n_s32(0);
  for (int64_t i = 0; i < n; i += 16) total = dot(total, load(codes + i), load(q + i));
  return vaddvq_s32(total);
}

float dot_tq2_0(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums) {
  return neon::dot_row(row, blocks, q, sums, dot);
}

/// M tokens by 16 outputs: sixteen inputs of a token lie in one register, four of them take part in a step. Twenty
/// sums, five inputs and a step's codes fit the 32 registers.
template <int M>
void tile_of(int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row, const uint8_t* panel,
             const float* scales, float* c) {
  int32x4_t totals[M][4];
#pragma GCC unroll 5
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 4
    for (int v = 0; v < 4; ++v) totals[i][v] = vdupq_n_s32(-sums[i * sums_row]);
  }
  for (int64_t s = 0; s < n; s += 16, panel += 256) {
    int8x16_t inputs[M];
#pragma GCC unroll 5
    for (int i = 0; i < M; ++i) inputs[i] = load(q + i * q_row + s);
    const auto step = [&]<int kStep>() {
#pragma GCC unroll 4
      for (int v = 0; v < 4; ++v) {
        const int8x16_t codes = load(panel + 64 * kStep + 16 * v);
#pragma GCC unroll 5
        for (int i = 0; i < M; ++i) totals[i][v] = vdotq_laneq_s32(totals[i][v], codes, inputs[i], kStep);
      }
    };
    step.template operator()<0>();
    step.template operator()<1>();
    step.template operator()<2>();
    step.template operator()<3>();
  }
#pragma GCC unroll 5
  for (int i = 0; i < M; ++i) neon::add_scaled(c + i * 16, scales, totals[i]);
}

using TileOf = void (*)(int64_t, const int8_t*, int64_t, const int32_t*, int64_t, const uint8_t*, const float*, float*);
constexpr TileOf kTiles[5] = {tile_of<1>, tile_of<2>, tile_of<3>, tile_of<4>, tile_of<5>};

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  kTiles[m - 1](n, q, q_row, sums, sums_row, panel, scales, c);
}

}  // namespace

TernaryKernels dotprod_ternary_kernels() {
  TernaryKernels kernels = neon_ternary_kernels();
  kernels.dot_codes = dot_codes;
  kernels.dot_tq2_0 = dot_tq2_0;
  kernels.tile_rows = 5;
  kernels.tile = tile;
  return kernels;
}

}  // namespace hone::cpu

#endif
