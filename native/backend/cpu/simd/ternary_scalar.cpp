#include "backend/cpu/simd/tables.h"
#include "core/float16.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hone::cpu {
namespace {

void round_row(const float* x, float to_integer, int8_t* q, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const float rounded = std::nearbyintf(x[i] * to_integer);
    q[i] = static_cast<int8_t>(rounded > -128.0f ? std::min(rounded, 127.0f) : -128.0f);  // NaN becomes -128
  }
}

int32_t sum(const int8_t* q, int64_t n) {
  int32_t total = 0;
  for (int64_t i = 0; i < n; ++i) total += q[i];
  return total;
}

void unpack_tq2_0(const std::byte* block, uint8_t* codes) {
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<unsigned>(block[i / 128 * 32 + i % 32]);
    codes[i] = byte >> (i % 128 / 32 * 2) & 3;
  }
}

/// Trit n of a byte in base 3, most significant first (fixed point: the byte is v * 256 / 243 rounded up).
uint8_t trit(std::byte byte, unsigned power) {
  const auto low = static_cast<uint8_t>(static_cast<unsigned>(byte) * power);
  return static_cast<uint8_t>(low * 3u >> 8);
}

void unpack_tq1_0(const std::byte* block, uint8_t* codes) {
  constexpr unsigned kPowers[5] = {1, 3, 9, 27, 81};
  for (int n = 0; n < 5; ++n) {
    for (int m = 0; m < 32; ++m) codes[32 * n + m] = trit(block[m], kPowers[n]);
    for (int m = 0; m < 16; ++m) codes[160 + 16 * n + m] = trit(block[32 + m], kPowers[n]);
  }
  for (int n = 0; n < 4; ++n) {
    for (int j = 0; j < 4; ++j) codes[240 + 4 * n + j] = trit(block[48 + j], kPowers[n]);
  }
}

void unpack_i2_s(const std::byte* block, uint8_t* codes) {
  for (int i = 0; i < 128; ++i) {
    const auto code = static_cast<unsigned>(block[i % 32]) >> (6 - i / 32 * 2) & 3;
    codes[i] = static_cast<uint8_t>(code == 3 ? 1 : code);  // 3 is never written and counts as weight 0
  }
}

int32_t dot_codes(const uint8_t* codes, const int8_t* q, int64_t n) {
  int32_t total = 0;
  for (int64_t i = 0; i < n; ++i) total += codes[i] * q[i];
  return total;
}

float dot_tq2_0(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums) {
  float total = 0;
  for (int64_t b = 0; b < blocks; ++b, row += 66, q += 256) {
    uint8_t codes[256];
    unpack_tq2_0(row, codes);
    uint16_t scale;
    std::memcpy(&scale, row + 64, 2);
    total += f32_from_f16(scale) * static_cast<float>(dot_codes(codes, q, 256) - sums[b]);
  }
  return total;
}

void interleave16(const uint8_t* codes, int64_t stride, int64_t n, uint8_t* panel) {
  for (int64_t k = 0; k < n; ++k) {
    for (int j = 0; j < 16; ++j) panel[k / 4 * 64 + j * 4 + k % 4] = codes[j * stride + k];
  }
}

void interleave_rows(const uint8_t* codes, int64_t depth, int64_t width, uint8_t* panel) {
  for (int64_t j = 0; j < width; ++j) {
    uint8_t* out = panel + j / 16 * depth * 16 + j % 16 * 4;
    for (int64_t k = 0; k < depth; ++k) out[k / 4 * 64 + k % 4] = codes[k * width + j];
  }
}

void tile(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
          const uint8_t* panel, const float* scales, float* c) {
  for (int i = 0; i < m; ++i) {
    int32_t totals[16] = {};
    for (int64_t k = 0; k < n; k += 4) {
      for (int j = 0; j < 16; ++j) {
        const uint8_t* codes = panel + k * 16 + j * 4;
        for (int s = 0; s < 4; ++s) totals[j] += codes[s] * q[i * q_row + k + s];
      }
    }
    for (int j = 0; j < 16; ++j) {
      c[i * 16 + j] += scales[j] * static_cast<float>(totals[j] - sums[i * sums_row]);
    }
  }
}

}  // namespace

TernaryKernels scalar_ternary_kernels() {
  return {round_row, sum,       unpack_tq2_0, unpack_tq1_0,    unpack_i2_s,
          dot_codes, dot_tq2_0, interleave16, interleave_rows, 6,           tile};
}

}  // namespace hone::cpu
