#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/q45_k.h"

#include <algorithm>

namespace hone::formats {

// Codes 0 to 15 in eight groups of 32: x = (d * scale) * q - dmin * minimum. Each 32 bytes hold two groups, the
// even one in the low nibbles.

void decode_q4_k(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q4_K>(row, out, n, [](const blocks::Q4_K& block, float* x) {
    const float d = f32_from_f16(block.d), dmin = f32_from_f16(block.dmin);
    for (int j = 0; j < 8; ++j) {
      int scale, minimum;
      quant::unpack_scale_min(block.scales, j, scale, minimum);
      const float step = d * static_cast<float>(scale), shift = dmin * static_cast<float>(minimum);
      const uint8_t* q = block.q + 32 * (j / 2);
      for (int l = 0; l < 32; ++l) x[32 * j + l] = step * static_cast<float>(q[l] >> (j & 1 ? 4 : 0) & 15) - shift;
    }
  });
}

void encode_q4_k(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q4_K>(row, values, n, [](blocks::Q4_K& block, const float* x) {
    const auto groups = quant::encode_groups({15, -1.0f, 0.1f, 20, false}, x);
    block.d = groups.d;
    block.dmin = groups.dmin;
    std::copy_n(groups.scales, 12, block.scales);
    for (int i = 0; i < 128; ++i) {
      const uint8_t* pair = groups.codes + 64 * (i / 32) + i % 32;
      block.q[i] = static_cast<uint8_t>(pair[0] | pair[32] << 4);
    }
  });
}

}  // namespace hone::formats
