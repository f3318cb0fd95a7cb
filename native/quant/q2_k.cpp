#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"
#include "quant/planes.h"
#include "quant/scale_min_search.h"

#include <algorithm>
#include <cmath>

namespace hone::formats {
namespace {

// Codes 0 to 3 in sixteen groups of 16: x = (d * scale) * q - dmin * minimum, both 4-bit numbers in one byte.

void encode_block(blocks::Q2_K& block, const float* x) {
  uint8_t codes[256];
  quant::ScaleMin groups[16];
  float weights[256];
  for (int i = 0; i < 256; ++i) weights[i] = std::fabs(x[i]);
  for (int j = 0; j < 16; j += quant::kScaleMinGroups) {
    quant::search_scale_min({3, -0.5f, 0.1f, 15, true}, x + 16 * j, weights + 16 * j, 16, codes + 16 * j, groups + j);
  }
  float largest_scale = 0, largest_minimum = 0;
  for (const quant::ScaleMin& group : groups) {
    largest_scale = std::max(largest_scale, group.scale);
    largest_minimum = std::max(largest_minimum, group.minimum);
  }

  const float inverse_scale = largest_scale > 0 ? 15.0f / largest_scale : 0.0f;
  const float inverse_minimum = largest_minimum > 0 ? 15.0f / largest_minimum : 0.0f;
  block.d = f16_from_f32(largest_scale / 15.0f);
  block.dmin = f16_from_f32(largest_minimum / 15.0f);
  const float d = f32_from_f16(block.d), dmin = f32_from_f16(block.dmin);
  for (int j = 0; j < 16; ++j) {
    const int scale = quant::round_even(inverse_scale * groups[j].scale, 0, 15);
    const int minimum = quant::round_even(inverse_minimum * groups[j].minimum, 0, 15);
    block.scales[j] = static_cast<uint8_t>(scale | minimum << 4);
    const float step = d * static_cast<float>(scale);
    if (step == 0) continue;
    const float shift = dmin * static_cast<float>(minimum);
    for (int i = 16 * j; i < 16 * j + 16; ++i) {
      codes[i] = static_cast<uint8_t>(quant::round_even((x[i] + shift) / step, 0, 3));
    }
  }
  quant::pack_planes(codes, block.q);
}

}  // namespace

void decode_q2_k(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q2_K>(row, out, n, [](const blocks::Q2_K& block, float* x) {
    const float d = f32_from_f16(block.d), dmin = f32_from_f16(block.dmin);
    for (int j = 0; j < 16; ++j) {
      const float step = d * static_cast<float>(block.scales[j] & 15);
      const float shift = dmin * static_cast<float>(block.scales[j] >> 4);
      for (int i = 16 * j; i < 16 * j + 16; ++i) {
        x[i] = step * static_cast<float>(quant::read_plane(block.q, i)) - shift;
      }
    }
  });
}

void encode_q2_k(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q2_K>(row, values, n, encode_block);
}

}  // namespace hone::formats
