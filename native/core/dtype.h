#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hone {

/// Element and block types with their ids in GGUF. Runtime-only types of other engines are absent.
enum class DType : uint32_t {
  F32 = 0, F16 = 1, Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7, Q8_0 = 8,
  Q2_K = 10, Q3_K = 11, Q4_K = 12, Q5_K = 13, Q6_K = 14,
  IQ2_XXS = 16, IQ2_XS = 17, IQ3_XXS = 18, IQ1_S = 19, IQ4_NL = 20, IQ3_S = 21, IQ2_S = 22, IQ4_XS = 23,
  I8 = 24, I16 = 25, I32 = 26, I64 = 27, F64 = 28, IQ1_M = 29, BF16 = 30,
  TQ1_0 = 34, TQ2_0 = 35, I2_S = 36, MXFP4 = 39, NVFP4 = 40, Q1_0 = 41, Q2_0 = 42,
};

/// Facts about one type. A row of `n` weights takes `n / block_length * block_bytes` bytes; `n` must divide.
/// I2_S is the exception: its scale follows the last row, so a whole tensor takes 32 bytes more (quant/i2_s.h).
struct DTypeTraits {
  std::string_view name;
  int64_t block_length;  ///< weights per block
  size_t block_bytes;
};

/// Traits of a known id, nothing for an id that Hone cannot even measure.
std::optional<DTypeTraits> find_traits(uint32_t id) noexcept;

/// Traits of a valid `DType`.
const DTypeTraits& traits(DType dtype) noexcept;

/// Bytes of `rows` rows of `columns` weights. `columns` must be a multiple of the block length.
/// Without the scale at the end of an I2_S tensor, so that it also serves to step from row to row.
size_t matrix_bytes(DType dtype, int64_t rows, int64_t columns);

/// True for types whose weights are -1, 0, +1 times a scale: their inputs are rounded to int8 by default.
constexpr bool is_ternary(DType dtype) noexcept {
  return dtype == DType::TQ1_0 || dtype == DType::TQ2_0 || dtype == DType::I2_S;
}

}  // namespace hone
