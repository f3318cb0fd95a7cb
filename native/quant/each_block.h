#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace hone::quant {

/// Calls body(block, values) for every block of a row of `n` weights.
template <class Block, class Byte, class Float, class Body>
void each_block(Byte* row, Float* values, int64_t n, Body body) {
  auto* blocks = reinterpret_cast<std::conditional_t<std::is_const_v<Byte>, const Block, Block>*>(row);
  for (int64_t b = 0; b < n / Block::kLength; ++b) body(blocks[b], values + b * Block::kLength);
}

}  // namespace hone::quant
