#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Codes 0 to 31 around 16: x = (q - 16) * d. Low four bits as in Q4_0; bit i of `high` is the fifth bit of element i.

void decode_q5_0(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q5_0>(row, out, n, [](const blocks::Q5_0& block, float* x) {
    const float d = f32_from_f16(block.d);
    const uint32_t high = block.high;
    for (int i = 0; i < 32; ++i) {
      const int low = i < 16 ? block.q[i] & 15 : block.q[i - 16] >> 4;
      x[i] = static_cast<float>((low | static_cast<int>((high >> i & 1) << 4)) - 16) * d;
    }
  });
}

void encode_q5_0(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q5_0>(row, values, n, [](blocks::Q5_0& block, const float* x) {
    const float d = quant::signed_extreme(x, 32) / -16.0f;
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    uint32_t high = 0;
    const auto code = [&](int i) {
      const int q = quant::truncate(x[i] * inverse + 16.5f, 0, 31);
      high |= static_cast<uint32_t>(q >> 4) << i;
      return q & 15;
    };
    for (int j = 0; j < 16; ++j) block.q[j] = static_cast<uint8_t>(code(j) | code(j + 16) << 4);
    block.high = high;
  });
}

}  // namespace hone::formats
