#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"

namespace hone::formats {

// Nibbles as in Q4_0, looked up in a fixed table of uneven steps: x = T[q] * d.
static constexpr float kSteps[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void decode_iq4_nl(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::IQ4_NL>(row, out, n, [](const blocks::IQ4_NL& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int j = 0; j < 16; ++j) {
      x[j] = kSteps[block.q[j] & 15] * d;
      x[j + 16] = kSteps[block.q[j] >> 4] * d;
    }
  });
}

}  // namespace hone::formats
