#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Codes 0 to 15 around 8: x = (q - 8) * d. The extreme element gets code 0, so d may be negative.
// Byte j holds element j in its low and element j + 16 in its high nibble.

void decode_q4_0(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q4_0>(row, out, n, [](const blocks::Q4_0& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int j = 0; j < 16; ++j) {
      x[j] = static_cast<float>((block.q[j] & 15) - 8) * d;
      x[j + 16] = static_cast<float>((block.q[j] >> 4) - 8) * d;
    }
  });
}

void encode_q4_0(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q4_0>(row, values, n, [](blocks::Q4_0& block, const float* x) {
    const float d = quant::signed_extreme(x, 32) / -8.0f;
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    const auto code = [&](int i) { return quant::truncate(x[i] * inverse + 8.5f, 0, 15); };
    for (int j = 0; j < 16; ++j) block.q[j] = static_cast<uint8_t>(code(j) | code(j + 16) << 4);
  });
}

}  // namespace hone::formats
