#pragma once

#include "backend/backend.h"

#include <memory>
#include <span>
#include <vector>

namespace hone {

/// Owns the memory of many tensors of one backend. Tensors stay valid until `clear` or the end of the arena.
class Arena {
 public:
  explicit Arena(Backend& backend) : backend_(&backend) {}

  Backend& backend() const noexcept { return *backend_; }
  size_t bytes() const noexcept { return bytes_; }

  /// Uninitialised [rows, columns].
  Tensor make(int64_t rows, int64_t columns, DType dtype = DType::F32);
  /// [rows, columns] with every element 0; float32.
  Tensor zeros(int64_t rows, int64_t columns);
  /// float32 [rows, columns] from host memory.
  Tensor from(std::span<const float> values, int64_t rows, int64_t columns);

  /// Takes a buffer made elsewhere (an adopted file range).
  Buffer* keep(std::unique_ptr<Buffer> buffer);

  void clear() {
    buffers_.clear();
    bytes_ = 0;
  }

 private:
  Backend* backend_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  size_t bytes_ = 0;
};

}  // namespace hone
