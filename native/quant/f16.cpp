#include "quant/formats.h"

#include "core/float16.h"

#include <cstring>

namespace hone::formats {

void decode_f16(const std::byte* row, float* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    uint16_t half;
    std::memcpy(&half, row + i * 2, sizeof half);
    out[i] = f32_from_f16(half);
  }
}

void encode_f16(const float* values, std::byte* row, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const uint16_t half = f16_from_f32(values[i]);
    std::memcpy(row + i * 2, &half, sizeof half);
  }
}

}  // namespace hone::formats
