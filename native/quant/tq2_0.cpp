#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Ternary codes in two bits: x = (q - 1) * d. Two halves of 128 elements in 32 bytes each; bits 0-1 of byte l are
// element l of the half, bits 2-3 element l + 32, and so on. Code 3 is never written and decodes as +2d.

void decode_tq2_0(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::TQ2_0>(row, out, n, [](const blocks::TQ2_0& block, float* x) {
    const float d = f32_from_f16(block.d);
    for (int half = 0; half < 2; ++half) {
      for (int plane = 0; plane < 4; ++plane) {
        for (int l = 0; l < 32; ++l) {
          const int q = block.q[32 * half + l] >> (2 * plane) & 3;
          x[128 * half + 32 * plane + l] = static_cast<float>(q - 1) * d;
        }
      }
    }
  });
}

void encode_tq2_0(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::TQ2_0>(row, values, n, [](blocks::TQ2_0& block, const float* x) {
    const float d = quant::largest_magnitude(x, 256);
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    for (int half = 0; half < 2; ++half) {
      for (int l = 0; l < 32; ++l) {
        int byte = 0;
        for (int plane = 0; plane < 4; ++plane) {
          byte |= (quant::round_away(x[128 * half + 32 * plane + l] * inverse, -1, 1) + 1) << (2 * plane);
        }
        block.q[32 * half + l] = static_cast<uint8_t>(byte);
      }
    }
  });
}

}  // namespace hone::formats
