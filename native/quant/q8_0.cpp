#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// One int8 code per element: x = q * d, with d = max|x| / 127.

void decode_q8_0(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::Q8_0>(row, out, n, [](const blocks::Q8_0& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int i = 0; i < 32; ++i) x[i] = static_cast<float>(block.q[i]) * d;
  });
}

void encode_q8_0(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::Q8_0>(row, values, n, [](blocks::Q8_0& block, const float* x) {
    const float d = quant::largest_magnitude(x, 32) / 127.0f;
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    for (int i = 0; i < 32; ++i) block.q[i] = static_cast<int8_t>(quant::round_away(x[i] * inverse, -127, 127));
  });
}

}  // namespace hone::formats
