#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Codes 0 to 15 above the minimum: x = q * d + m. Nibbles as in Q4_0.

void decode_q4_1(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q4_1>(row, out, n, [](const blocks::Q4_1& block, float* x) {
    const float d = f32_from_f16(block.d), m = f32_from_f16(block.m);
    for (int j = 0; j < 16; ++j) {
      x[j] = static_cast<float>(block.q[j] & 15) * d + m;
      x[j + 16] = static_cast<float>(block.q[j] >> 4) * d + m;
    }
  });
}

void encode_q4_1(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q4_1>(row, values, n, [](blocks::Q4_1& block, const float* x) {
    const auto [low, high] = quant::range_of(x, 32);
    const float d = (high - low) / 15.0f;
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    block.m = f16_from_f32(low);
    const auto code = [&, low = low](int i) { return quant::truncate((x[i] - low) * inverse + 0.5f, 0, 15); };
    for (int j = 0; j < 16; ++j) block.q[j] = static_cast<uint8_t>(code(j) | code(j + 16) << 4);
  });
}

}  // namespace hone::formats
