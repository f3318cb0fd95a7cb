#pragma once

#include "core/dtype.h"

#include <cstddef>
#include <cstdint>

namespace hone {

/// `n` stored weights as float32; `n` is a multiple of the block length. Arithmetic in float32, unfused, so the
/// result is the same to the bit on every machine. Throws "quant.unsupported" for types Hone cannot compute with,
/// and for I2_S, whose scale is not in the row (quant/i2_s.h).
void decode_row(DType dtype, const std::byte* row, float* out, int64_t n);

/// `n` float32 weights into blocks, by the published method without importance weights. The ternary types expect
/// weights that are ternary already (-s, 0, +s per block) and round anything else. Throws "quant.unsupported"
/// where there is no encoder, and "quant.not_finite" for infinities and NaN in a block type.
void encode_row(DType dtype, const float* values, std::byte* row, int64_t n);

/// True when `decode_row` (or for I2_S its own decoder) can read the type: the models Hone can run.
bool can_decode(DType dtype) noexcept;
bool can_encode(DType dtype) noexcept;

}  // namespace hone
