#pragma once

#include <cstddef>
#include <cstdint>

namespace hone::cpu {

/// What decides how much memory the kernels hold beside the tensors in a training pass (see Scratch).
struct ScratchShape {
  int64_t rows = 0;        ///< tokens of the longest row
  int64_t vocabulary = 0;
  int64_t widest = 0;      ///< of all inputs and outputs of matrices in the blocks
  int64_t head_dim = 0;
  int64_t rank = 0;        ///< the highest of the adapter
  bool ternary = false;    ///< some matrix is
  bool bytes = false;      ///< some matrix has the products of byte_product.h
  bool dropout = false;
  unsigned threads = 1;
};

/// Bytes, at their peak.
size_t forecast_scratch(const ScratchShape& shape);

/// Rows of logits that `CrossEntropy` keeps at a time.
int64_t logit_rows(int64_t rows, int64_t vocabulary);

}  // namespace hone::cpu
