#pragma once

#include <cstdint>

namespace hone::quant {

/// 256 two-bit codes in 64 bytes: two halves of 128 elements in 32 bytes each; bits 0-1 of byte l are element l of
/// the half, bits 2-3 element l + 32, then l + 64 and l + 96.
inline int read_plane(const uint8_t* packed, int element) {
  return packed[32 * (element / 128) + element % 32] >> (2 * (element / 32 % 4)) & 3;
}

inline void pack_planes(const uint8_t* codes, uint8_t* packed) {
  for (int i = 0; i < 64; ++i) {
    const uint8_t* q = codes + 128 * (i / 32) + i % 32;
    packed[i] = static_cast<uint8_t>((q[0] & 3) | (q[32] & 3) << 2 | (q[64] & 3) << 4 | (q[96] & 3) << 6);
  }
}

}  // namespace hone::quant
