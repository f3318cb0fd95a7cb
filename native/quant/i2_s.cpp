#include "quant/i2_s.h"

#include "core/error.h"

#include <cstring>

namespace hone {

float read_i2_s_scale(std::span<const std::byte> tensor) {
  ensure(tensor.size() >= kI2sTailBytes, "an I2_S tensor is shorter than its tail");
  float scale;
  std::memcpy(&scale, tensor.data() + tensor.size() - kI2sTailBytes, sizeof scale);
  return scale;
}

void decode_i2_s_row(const std::byte* row, float scale, float* out, int64_t n) {
  const float values[4] = {-scale, 0.0f, scale, 0.0f};
  for (int64_t block = 0; block < n / 128; ++block) {
    for (int plane = 0; plane < 4; ++plane) {
      for (int m = 0; m < 32; ++m) {
        const auto byte = std::to_integer<unsigned>(row[32 * block + m]);
        out[128 * block + 32 * plane + m] = values[byte >> (6 - 2 * plane) & 3];
      }
    }
  }
}

}  // namespace hone
