#pragma once

#include "backend/cpu/gemm.h"
#include "backend/weight_rows.h"

namespace hone::cpu {

/// A stored weight matrix [rows, columns] as the products read it.
class WeightView {
 public:
  WeightView(const Simd& simd, const Tensor& w)
      : decode_(simd.weights.decode),
        transpose16_(simd.matrix.transpose16),
        dot_(simd.weights.find_dot(w.dtype)),
        dot_floats_(simd.rows.dot),
        dtype_(w.dtype),
        base_(w.data()),
        rows_(w.rows),
        columns_(w.columns),
        row_bytes_(matrix_bytes(w.dtype, 1, w.stride)),
        block_(traits(w.dtype).block_length),
        block_bytes_(traits(w.dtype).block_bytes),
        scale_(w.dtype == DType::I2_S ? i2_s_scale(w) : 0) {}

  int64_t rows() const noexcept { return rows_; }
  int64_t columns() const noexcept { return columns_; }

  /// Columns that can be unpacked on their own, as a multiple of a panel.
  int64_t granule() const noexcept { return block_ > kTileColumns ? block_ : kTileColumns; }

  /// First block of row `row`.
  const std::byte* row(int64_t row) const noexcept { return base_ + static_cast<size_t>(row) * row_bytes_; }

  /// `count` weights of row `row` from column `column` on, both multiples of the block length. Points into the
  /// matrix where it is float32, else into `scratch`.
  const float* weights(int64_t row, int64_t column, int64_t count, float* scratch) const;

  /// True when `dot` reads rows as they are stored.
  bool has_dot() const noexcept { return dot_ != nullptr; }

  /// Σ w[row] · x.
  float dot(int64_t row, const float* x, float* scratch) const;

  /// For y = x · wᵀ: the right factor is [columns of w, rows of w].
  PackPanel pack_transposed() const;

  /// For dx = dy · w: the right factor is w itself.
  PackPanel pack_straight() const;

 private:
  void (*decode_)(DType, const std::byte*, float*, int64_t);
  void (*transpose16_)(const float*, int64_t, int64_t, float*);
  WeightKernels::Dot dot_;
  float (*dot_floats_)(const float*, const float*, int64_t);
  DType dtype_;
  const std::byte* base_;
  int64_t rows_, columns_;
  size_t row_bytes_;
  int64_t block_;
  size_t block_bytes_;
  float scale_;
};

}  // namespace hone::cpu
