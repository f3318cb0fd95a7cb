#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"
#include "quant/planes.h"

#include <cmath>

namespace hone::formats {
namespace {

// Codes -4 to 3 in sixteen groups of 16 with a 6-bit signed scale: x = (d * (scale - 32)) * v. The low two bits of
// v + 4 are planes as in Q2_K; bit k of byte l of `high` is the third bit of element 32k + l.

int unpack_scale(const uint8_t* packed, int j) {
  const int low = j < 8 ? packed[j] & 15 : packed[j - 8] >> 4;
  return (low | (packed[8 + j % 4] >> (2 * (j / 4)) & 3) << 4) - 32;
}

void pack_scale(uint8_t* packed, int j, int scale) {
  packed[j % 8] = static_cast<uint8_t>(packed[j % 8] | (scale & 15) << (j < 8 ? 0 : 4));
  packed[8 + j % 4] = static_cast<uint8_t>(packed[8 + j % 4] | (scale >> 4) << (2 * (j / 4)));
}

/// Scale and codes (plus 4) of 16 values: starts from the signed extreme at -4 and then moves single codes, up to
/// five passes, while that raises the fit Sxl^2 / Sll; weights are x^2.
float search_scale(const float* x, uint8_t* codes) {
  const float extreme = quant::signed_extreme(x, 16);
  if (std::fabs(extreme) < 1e-15f) {
    for (int i = 0; i < 16; ++i) codes[i] = 0;
    return 0.0f;
  }
  int l[16];
  float sum_xl = 0, sum_ll = 0;
  const float inverse = -4.0f / extreme;
  for (int i = 0; i < 16; ++i) {
    l[i] = quant::round_even(inverse * x[i], -4, 3);
    const float w = x[i] * x[i], value = static_cast<float>(l[i]);
    sum_xl = sum_xl + w * x[i] * value;
    sum_ll = sum_ll + w * value * value;
  }
  for (int pass = 0; pass < 5; ++pass) {
    bool changed = false;
    for (int i = 0; i < 16; ++i) {
      const float w = x[i] * x[i], value = static_cast<float>(l[i]);
      const float rest_xl = sum_xl - w * x[i] * value;
      if (!(rest_xl > 0)) continue;
      const float rest_ll = sum_ll - w * value * value;
      const int proposed = quant::round_even(x[i] * rest_ll / rest_xl, -4, 3);
      if (proposed == l[i]) continue;
      const auto next = static_cast<float>(proposed);
      const float next_xl = rest_xl + w * x[i] * next, next_ll = rest_ll + w * next * next;
      if (next_ll > 0 && next_xl * next_xl * sum_ll > sum_xl * sum_xl * next_ll) {
        l[i] = proposed;
        sum_xl = next_xl;
        sum_ll = next_ll;
        changed = true;
      }
    }
    if (!changed) break;
  }
  for (int i = 0; i < 16; ++i) codes[i] = static_cast<uint8_t>(l[i] + 4);
  return sum_ll > 0 ? sum_xl / sum_ll : 0.0f;
}

void encode_block(blocks::Q3_K& block, const float* x) {
  uint8_t codes[256];
  float scales[16];
  for (int j = 0; j < 16; ++j) scales[j] = search_scale(x + 16 * j, codes + 16 * j);

  block = {};
  const float extreme = quant::signed_extreme(scales, 16);
  if (extreme != 0) {
    const float inverse = -32.0f / extreme;
    block.d = f16_from_f32(1.0f / inverse);
    for (int j = 0; j < 16; ++j) pack_scale(block.scales, j, quant::round_even(inverse * scales[j], -32, 31) + 32);
  }
  const float d = f32_from_f16(block.d);
  for (int j = 0; j < 16; ++j) {
    const float step = d * static_cast<float>(unpack_scale(block.scales, j));
    if (step == 0) continue;
    for (int i = 16 * j; i < 16 * j + 16; ++i) {
      codes[i] = static_cast<uint8_t>(quant::round_even(x[i] / step, -4, 3) + 4);
    }
  }
  quant::pack_planes(codes, block.q);
  for (int i = 0; i < 256; ++i) {
    block.high[i % 32] = static_cast<uint8_t>(block.high[i % 32] | (codes[i] >> 2) << (i / 32));
  }
}

}  // namespace

void decode_q3_k(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q3_K>(row, out, n, [](const blocks::Q3_K& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int j = 0; j < 16; ++j) {
      const float step = d * static_cast<float>(unpack_scale(block.scales, j));
      for (int i = 16 * j; i < 16 * j + 16; ++i) {
        const int high = block.high[i % 32] >> (i / 32) & 1;
        x[i] = step * static_cast<float>((quant::read_plane(block.q, i) | high << 2) - 4);
      }
    }
  });
}

void encode_q3_k(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q3_K>(row, values, n, encode_block);
}

}  // namespace hone::formats
