#pragma once

#include "quant/scale_min_search.h"

#include <cstdint>

/// What Q4_K and Q5_K share: eight groups of 32, each with a 6-bit scale and a 6-bit minimum.
namespace hone::quant {

/// The 6-bit pair of group `j` from the 12 packed bytes. The first four groups own six bits of a byte each; the
/// others keep their low four bits in the last four bytes and their high two on top of the first eight.
inline void unpack_scale_min(const uint8_t* packed, int j, int& scale, int& minimum) {
  if (j < 4) {
    scale = packed[j] & 63;
    minimum = packed[j + 4] & 63;
  } else {
    scale = (packed[j + 4] & 15) | (packed[j - 4] >> 6) << 4;
    minimum = (packed[j + 4] >> 4) | (packed[j] >> 6) << 4;
  }
}

/// 256 values ready to be packed.
struct EncodedGroups {
  uint16_t d, dmin;  ///< half bits
  uint8_t scales[12];
  uint8_t codes[256];
};

EncodedGroups encode_groups(const ScaleMinSearch& search, const float* x);

}  // namespace hone::quant
