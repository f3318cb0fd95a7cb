#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// I2_S, the ternary format of bitnet.cpp. A tensor is n/4 bytes of codes in blocks of 128 weights to 32 bytes, then
/// one float32 scale for the whole tensor and zeros up to n/4 + 32 bytes. Bits 6-7 of byte m hold weight m of the
/// block, 4-5 weight m + 32, 2-3 m + 64, 0-1 m + 96 (the opposite of TQ2_0). Other arrangements exist under the same
/// id and cannot be told apart from the file; this is the one of the published models.
namespace hone {

inline constexpr size_t kI2sTailBytes = 32;

/// The scale behind the codes; `tensor` is the whole tensor with its tail.
float read_i2_s_scale(std::span<const std::byte> tensor);

/// (code - 1) * scale; the unused code 3 reads as 0. `n` is a multiple of 128.
void decode_i2_s_row(const std::byte* row, float scale, float* out, int64_t n);

}  // namespace hone
