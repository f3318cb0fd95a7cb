#include "quant/formats.h"

#include "core/float16.h"
#include "quant/blocks.h"
#include "quant/each_block.h"
#include "quant/rounding.h"

namespace hone::formats {

// Ternary codes in base 3, five to a byte, most significant first: x = (q - 1) * d. The number v in [0, 243) is
// stored as ceil(v * 256 / 243), so that multiplying the byte by 3 pushes one digit after the other out at the top.
// Three runs: 32 bytes with 5 digits, 16 bytes with 5, 4 bytes with 4; digit k of byte m is element m + k * bytes.
namespace {

struct Run {
  int bytes, digits, first_element;
};
constexpr Run kRuns[] = {{32, 5, 0}, {16, 5, 160}, {4, 4, 240}};

constexpr uint8_t kPowers[] = {1, 3, 9, 27, 81};

}  // namespace

void decode_tq1_0(const std::byte* row, float* out, int64_t n) {
  quant::each_block<blocks::TQ1_0>(row, out, n, [](const blocks::TQ1_0& block, float* x) {
    const float d = f32_from_f16(block.d);
    const uint8_t* bytes = block.q;
    for (const Run& run : kRuns) {
      for (int digit = 0; digit < run.digits; ++digit) {
        for (int m = 0; m < run.bytes; ++m) {
          const auto shifted = static_cast<uint8_t>(bytes[m] * kPowers[digit]);
          x[run.first_element + digit * run.bytes + m] = static_cast<float>((shifted * 3 >> 8) - 1) * d;
        }
      }
      bytes += run.bytes;
    }
  });
}

void encode_tq1_0(const float* values, std::byte* row, int64_t n) {
  quant::each_block<blocks::TQ1_0>(row, values, n, [](blocks::TQ1_0& block, const float* x) {
    const float d = quant::largest_magnitude(x, 256);
    const float inverse = quant::inverse(d);
    block.d = f16_from_f32(d);
    uint8_t* bytes = block.q;
    for (const Run& run : kRuns) {
      for (int m = 0; m < run.bytes; ++m) {
        int v = 0;
        for (int digit = 0; digit < 5; ++digit) {
          v *= 3;
          if (digit >= run.digits) continue;
          v += quant::round_away(x[run.first_element + digit * run.bytes + m] * inverse, -1, 1) + 1;
        }
        bytes[m] = static_cast<uint8_t>((v * 256 + 242) / 243);
      }
      bytes += run.bytes;
    }
  });
}

}  // namespace hone::formats
