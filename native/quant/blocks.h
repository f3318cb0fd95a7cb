#pragma once

#include <cstddef>
#include <cstdint>

/// The blocks as they lie in a file, byte for byte. Halves (`d`, `m`, `dmin`) are IEEE half bits. Packed, because
/// nothing promises more than byte alignment. Which code belongs to which element is told in the file of each format.
namespace hone::blocks {

#pragma pack(push, 1)

struct Q8_0 { static constexpr int kLength = 32; uint16_t d; int8_t q[32]; };
struct Q4_0 { static constexpr int kLength = 32; uint16_t d; uint8_t q[16]; };
struct Q4_1 { static constexpr int kLength = 32; uint16_t d, m; uint8_t q[16]; };
struct Q5_0 { static constexpr int kLength = 32; uint16_t d; uint32_t high; uint8_t q[16]; };
struct Q5_1 { static constexpr int kLength = 32; uint16_t d, m; uint32_t high; uint8_t q[16]; };
struct IQ4_NL { static constexpr int kLength = 32; uint16_t d; uint8_t q[16]; };
struct Q2_K { static constexpr int kLength = 256; uint8_t scales[16]; uint8_t q[64]; uint16_t d, dmin; };
struct Q3_K { static constexpr int kLength = 256; uint8_t high[32]; uint8_t q[64]; uint8_t scales[12]; uint16_t d; };
struct Q4_K { static constexpr int kLength = 256; uint16_t d, dmin; uint8_t scales[12]; uint8_t q[128]; };
struct Q5_K { static constexpr int kLength = 256; uint16_t d, dmin; uint8_t scales[12], high[32], q[128]; };
struct Q6_K { static constexpr int kLength = 256; uint8_t q[128]; uint8_t high[64]; int8_t scales[16]; uint16_t d; };
struct TQ1_0 { static constexpr int kLength = 256; uint8_t q[52]; uint16_t d; };
struct TQ2_0 { static constexpr int kLength = 256; uint8_t q[64]; uint16_t d; };

#pragma pack(pop)

static_assert(sizeof(Q8_0) == 34 && sizeof(Q4_0) == 18 && sizeof(Q4_1) == 20 && sizeof(Q5_0) == 22);
static_assert(sizeof(Q5_1) == 24 && sizeof(IQ4_NL) == 18 && sizeof(Q2_K) == 84 && sizeof(Q3_K) == 110);
static_assert(sizeof(Q4_K) == 144 && sizeof(Q5_K) == 176 && sizeof(Q6_K) == 210);
static_assert(sizeof(TQ1_0) == 54 && sizeof(TQ2_0) == 66);

}  // namespace hone::blocks
