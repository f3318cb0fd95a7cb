#pragma once

#include "core/dtype.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace hone {

/// One tensor of a GGUF file. `ne[0]` is the contiguous axis (inputs of a linear layer); axes that are not stored
/// are 1. Checked when read: every length is at least 1, rows are whole blocks, the bytes lie inside the file.
struct TensorInfo {
  std::string name;
  DType dtype = DType::F32;
  std::array<int64_t, 4> ne{1, 1, 1, 1};
  int dimensions = 0;   ///< stored axes, 0 to 4; 0 is a scalar
  uint64_t offset = 0;  ///< of the first byte, from the start of its file
  size_t bytes = 0;     ///< without padding; with the scale of an I2_S tensor
  int shard = 0;        ///< which file of a split model holds it

  int64_t columns() const noexcept { return ne[0]; }
  int64_t rows() const noexcept { return ne[1] * ne[2] * ne[3]; }
  int64_t elements() const noexcept { return columns() * rows(); }
};

/// "[4096, 32000]", as stored: contiguous axis first.
std::string shape_text(const TensorInfo& info);

}  // namespace hone
