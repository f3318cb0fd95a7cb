#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Codes 0 to 31 above the minimum: x = q * d + m. Bits as in Q5_0.

void decode_q5_1(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q5_1>(row, out, n, [](const blocks::Q5_1& block, float* x) {
    const float d = f32_from_f16(block.d), m = f32_from_f16(block.m);
    const uint32_t high = block.high;
    for (int i = 0; i < 32; ++i) {
      const int low = i < 16 ? block.q[i] & 15 : block.q[i - 16] >> 4;
      x[i] = static_cast<float>(low | static_cast<int>((high >> i & 1) << 4)) * d + m;
    }
  });
}

void encode_q5_1(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q5_1>(row, values, n, [](blocks::Q5_1& block, const float* x) {
    const auto [low, high_value] = quant::range_of(x, 32);
    const float d = (high_value - low) / 31.0f;
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    block.m = f16_from_f32(low);
    uint32_t high = 0;
    const auto code = [&, low = low](int i) {
      const int q = quant::truncate((x[i] - low) * inverse + 0.5f, 0, 31);
      high |= static_cast<uint32_t>(q >> 4) << i;
      return q & 15;
    };
    for (int j = 0; j < 16; ++j) block.q[j] = static_cast<uint8_t>(code(j) | code(j + 16) << 4);
    block.high = high;
  });
}

}  // namespace hone::formats
