#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Codes 0 to 63 around 32, a signed scale per 16: x = (d * scale) * (q - 32). Two halves of 128 elements, each with
// 64 bytes of low nibbles and 32 bytes of high bit pairs; part p (0 to 3) of a half is its elements 32p to 32p + 31:
// low nibble of bytes 0-31, of 32-63, then the high nibbles; high bits 2p of byte l.
namespace {

struct Groups {
  float scales[16];
  uint8_t codes[256];
};

/// The best scale for 16 values and codes -32 to 31, by trying 19 roundings; weights are x^2.
/// Returns the scale and writes codes + 32.
float search_scale(const float* x, uint8_t* codes) {
  const float extreme = quant::signed_extreme(x, 16);
  if (std::fabs(extreme) < 1e-15f) {
    for (int i = 0; i < 16; ++i) codes[i] = 0;
    return 0.0f;
  }
  float scale = 0, best = 0;
  const auto attempt = [&](float inverse_scale, bool first) {
    float sum_xl = 0, sum_ll = 0;
    int8_t l[16];
    for (int i = 0; i < 16; ++i) {
      l[i] = static_cast<int8_t>(quant::round_even(inverse_scale * x[i], -32, 31));
      const float w = x[i] * x[i], value = static_cast<float>(l[i]);
      sum_xl = sum_xl + w * x[i] * value;
      sum_ll = sum_ll + w * value * value;
    }
    if (!first && !(sum_ll > 0 && sum_xl * sum_xl > best * sum_ll)) return;
    scale = sum_ll != 0 ? sum_xl / sum_ll : 0.0f;
    best = scale * sum_xl;
    for (int i = 0; i < 16; ++i) codes[i] = static_cast<uint8_t>(l[i] + 32);
  };
  attempt(-32.0f / extreme, true);
  for (int step = -9; step <= 9; ++step) {
    if (step != 0) attempt(-(32.0f + 0.1f * static_cast<float>(step)) / extreme, false);
  }
  return scale;
}

void encode_block(blocks::Q6_K& block, const float* x) {
  Groups groups;
  for (int j = 0; j < 16; ++j) groups.scales[j] = search_scale(x + 16 * j, groups.codes + 16 * j);

  const float extreme = quant::signed_extreme(groups.scales, 16);
  block = {};
  if (std::fabs(extreme) < 1e-15f) return;
  const float inverse = -128.0f / extreme;
  block.d = f16_from_f32(1.0f / inverse);
  const float d = f32_from_f16(block.d);
  for (int j = 0; j < 16; ++j) {
    block.scales[j] = static_cast<int8_t>(quant::round_even(inverse * groups.scales[j], -128, 127));
    const float step = d * static_cast<float>(block.scales[j]);
    if (step == 0) continue;
    for (int i = 16 * j; i < 16 * j + 16; ++i) {
      groups.codes[i] = static_cast<uint8_t>(quant::round_even(x[i] / step, -32, 31) + 32);
    }
  }

  for (int half = 0; half < 2; ++half) {
    const uint8_t* q = groups.codes + 128 * half;
    for (int l = 0; l < 32; ++l) {
      block.q[64 * half + l] = static_cast<uint8_t>((q[l] & 15) | (q[l + 64] & 15) << 4);
      block.q[64 * half + l + 32] = static_cast<uint8_t>((q[l + 32] & 15) | (q[l + 96] & 15) << 4);
      block.high[32 * half + l] =
          static_cast<uint8_t>(q[l] >> 4 | (q[l + 32] >> 4) << 2 | (q[l + 64] >> 4) << 4 | (q[l + 96] >> 4) << 6);
    }
  }
}

}  // namespace

void decode_q6_k(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q6_K>(row, out, n, [](const blocks::Q6_K& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int half = 0; half < 2; ++half) {
      for (int part = 0; part < 4; ++part) {
        const uint8_t* low = block.q + 64 * half + 32 * (part & 1);
        const uint8_t* high = block.high + 32 * half;
        for (int l = 0; l < 32; ++l) {
          const int q = (low[l] >> (part & 2 ? 4 : 0) & 15) | (high[l] >> (2 * part) & 3) << 4;
          const float step = d * static_cast<float>(block.scales[8 * half + 2 * part + l / 16]);
          x[128 * half + 32 * part + l] = step * static_cast<float>(q - 32);
        }
      }
    }
  });
}

void encode_q6_k(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q6_K>(row, values, n, encode_block);
}

}  // namespace hone::formats
