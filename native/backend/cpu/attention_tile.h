#pragma once

#include "backend/cpu/backend.h"

#include <algorithm>
#include <cstring>

/// Pieces that attention and its backward pass share: tiles of queries against tiles of keys, one head at a time.
namespace hone::cpu {

inline constexpr int64_t kQueryTile = 64;
inline constexpr int64_t kKeyTile = 64;

/// Which elements of a tile of scores can be other than 0: row i reaches columns below `first + i`.
/// Products skip the rest, one tile of rows at a time.
struct Reach {
  int64_t first;

  /// Of n columns, those that the rows before `end` reach.
  int64_t columns(int64_t end, int64_t n) const {
    return std::clamp<int64_t>(first + end - 1, 0, n);
  }
  /// The first row that reaches column j.
  int64_t row(int64_t j, int64_t m) const { return std::clamp<int64_t>(j - first + 1, 0, m); }
};

/// A factor of a small product whose rows lie `row` floats apart and may be read in eights, copied if necessary.
struct RightFactor {
  const float* data;
  int64_t row;
};

/// Columns [j, j + width) of `right` for k rows; widths that are no multiple of 8 are copied to `padded` [k][16].
inline RightFactor right_columns(const float* right, int64_t right_row, int64_t j, int64_t width, int64_t k,
                                 float* padded) {
  if (width % 8 == 0) return {right + j, right_row};
  for (int64_t s = 0; s < k; ++s) {
    float* out = padded + s * kTileColumns;
    std::memcpy(out, right + s * right_row + j, static_cast<size_t>(width) * sizeof(float));
    std::fill(out + width, out + kTileColumns, 0.0f);
  }
  return {padded, kTileColumns};
}

/// c[m, d] += scores[m, n] · right[n, d].
inline void add_product(const MatrixKernels& matrix, int64_t m, int64_t n, int64_t d, const float* scores, Reach reach,
                        const float* right, int64_t right_row, float* c, int64_t c_row, float* padded) {
  for (int64_t j = 0; j < d; j += kTileColumns) {
    const int64_t width = std::min<int64_t>(kTileColumns, d - j);
    const RightFactor b = right_columns(right, right_row, j, width, n, padded);
    for (int64_t i = 0; i < m; i += matrix.tile_rows) {
      const int64_t rows = std::min<int64_t>(matrix.tile_rows, m - i);
      matrix.tile(static_cast<int>(rows), static_cast<int>(width), reach.columns(i + rows, n), scores + i * kKeyTile,
                  kKeyTile, 1, b.data, b.row, c + i * c_row + j, c_row, true);
    }
  }
}

/// c[n, d] += scores[m, n]ᵀ · right[m, d].
inline void add_product_of_transposed(const MatrixKernels& matrix, int64_t m, int64_t n, int64_t d,
                                      const float* scores, Reach reach, const float* right, int64_t right_row,
                                      float* c, int64_t c_row, float* padded) {
  for (int64_t j = 0; j < d; j += kTileColumns) {
    const int64_t width = std::min<int64_t>(kTileColumns, d - j);
    const RightFactor b = right_columns(right, right_row, j, width, m, padded);
    for (int64_t i = 0; i < n; i += matrix.tile_rows) {
      const int64_t row = reach.row(i, m);
      matrix.tile(static_cast<int>(std::min<int64_t>(matrix.tile_rows, n - i)), static_cast<int>(width), m - row,
                  scores + row * kKeyTile + i, 1, kKeyTile, b.data + row * b.row, b.row, c + i * c_row + j, c_row,
                  true);
    }
  }
}

/// Transposes `count` rows of d floats into panels [row / 16][d][16], zeros for missing rows.
inline void transpose_rows(const MatrixKernels& matrix, const float* rows, int64_t stride, int64_t count, int64_t d,
                           float* panels, float* spare) {
  for (int64_t r = 0; r < count; r += kTileColumns, panels += d * kTileColumns) {
    if (count - r >= kTileColumns) {
      matrix.transpose16(rows + r * stride, stride, d, panels);
      continue;
    }
    for (int64_t j = 0; j < kTileColumns; ++j) {
      if (r + j < count) {
        std::memcpy(spare + j * d, rows + (r + j) * stride, static_cast<size_t>(d) * sizeof(float));
      } else {
        std::fill_n(spare + j * d, d, 0.0f);
      }
    }
    matrix.transpose16(spare, d, d, panels);
  }
}

/// scores[m, n] = left[m, d] · rows[n, d]ᵀ for rows packed by `transpose_rows`. Elements out of reach stay undefined.
inline void tile_scores(const MatrixKernels& matrix, int64_t m, int64_t n, int64_t d, Reach reach, const float* left,
                        int64_t left_row, const float* panels, float* scores) {
  for (int64_t j = 0; j < n; j += kTileColumns) {
    for (int64_t i = 0; i < m; i += matrix.tile_rows) {
      const int64_t rows = std::min<int64_t>(matrix.tile_rows, m - i);
      if (reach.columns(i + rows, n) <= j) continue;
      matrix.tile(static_cast<int>(rows), static_cast<int>(std::min<int64_t>(kTileColumns, n - j)), d,
                  left + i * left_row, left_row, 1, panels + j * d, kTileColumns, scores + i * kKeyTile + j, kKeyTile,
                  false);
    }
  }
}

}  // namespace hone::cpu
