#pragma once

#include <cstddef>
#include <cstdint>

/// One pair of functions per format, each pair in its own file. Callers use codec.h.
namespace hone::formats {

using Decode = void (*)(const std::byte* row, float* out, int64_t n);
using Encode = void (*)(const float* values, std::byte* row, int64_t n);

#define HONE_FORMAT(name)                                                \
  void decode_##name(const std::byte* row, float* out, int64_t n);       \
  void encode_##name(const float* values, std::byte* row, int64_t n);

HONE_FORMAT(f32)
HONE_FORMAT(f16)
HONE_FORMAT(bf16)
HONE_FORMAT(q8_0)
HONE_FORMAT(q4_0)
HONE_FORMAT(q4_1)
HONE_FORMAT(q5_0)
HONE_FORMAT(q5_1)
HONE_FORMAT(q2_k)
HONE_FORMAT(q3_k)
HONE_FORMAT(q4_k)
HONE_FORMAT(q5_k)
HONE_FORMAT(q6_k)
HONE_FORMAT(tq1_0)
HONE_FORMAT(tq2_0)
#undef HONE_FORMAT

void decode_iq4_nl(const std::byte* row, float* out, int64_t n);

}  // namespace hone::formats
