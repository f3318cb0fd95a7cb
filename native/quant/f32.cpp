#include "quant/formats.h"

#include <cstring>

namespace hone::formats {

void decode_f32(const std::byte* row, float* out, int64_t n) {
  std::memcpy(out, row, static_cast<size_t>(n) * sizeof(float));
}

void encode_f32(const float* values, std::byte* row, int64_t n) {
  std::memcpy(row, values, static_cast<size_t>(n) * sizeof(float));
}

}  // namespace hone::formats
