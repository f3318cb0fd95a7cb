#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/q45_k.h"

#include <algorithm>

namespace hone::formats {

// Q4_K with a fifth bit: that of element l of group j is bit j of byte l of `high`.

void decode_q5_k(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q5_K>(row, out, n, [](const blocks::Q5_K& block, float* x) {
    const float d = f32_from_f16(block.d), dmin = f32_from_f16(block.dmin);
    for (int j = 0; j < 8; ++j) {
      int scale, minimum;
      quant::unpack_scale_min(block.scales, j, scale, minimum);
      const float step = d * static_cast<float>(scale), shift = dmin * static_cast<float>(minimum);
      const uint8_t* low = block.q + 32 * (j / 2);
      for (int l = 0; l < 32; ++l) {
        const int q = (low[l] >> (j & 1 ? 4 : 0) & 15) | (block.high[l] >> j & 1) << 4;
        x[32 * j + l] = step * static_cast<float>(q) - shift;
      }
    }
  });
}

void encode_q5_k(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q5_K>(row, values, n, [](blocks::Q5_K& block, const float* x) {
    const auto groups = quant::encode_groups({31, -0.5f, 0.1f, 15, false}, x);
    block = {};
    block.d = groups.d;
    block.dmin = groups.dmin;
    std::copy_n(groups.scales, 12, block.scales);
    for (int i = 0; i < 256; ++i) {
      block.high[i % 32] = static_cast<uint8_t>(block.high[i % 32] | (groups.codes[i] >> 4) << (i / 32));
    }
    for (int i = 0; i < 128; ++i) {
      const uint8_t* pair = groups.codes + 64 * (i / 32) + i % 32;
      block.q[i] = static_cast<uint8_t>((pair[0] & 15) | (pair[32] & 15) << 4);
    }
  });
}

}  // namespace hone::formats
