#pragma once

#include "backend/cpu/backend.h"

#include <algorithm>
#include <cstring>

/// Pieces that attention and its backward pass share: tiles of queries against tiles of keys, one head at a time.
namespace hone::cpu {

inline constexpr int64_t kQueryTile = 64;
inline constexpr int64_t kKeyTile = 64;

/// c[m, n] (+)= left · right for factors that fit the first caches. `right` has rows `right_row` floats apart; rows
/// that do not end on 8 floats are copied to `padded` [k][16], which may be null when n is a multiple of 8.
inline void tile_product(const MatrixKernels& matrix, int64_t m, int64_t n, int64_t k, const float* left,
                         int64_t left_row, int64_t left_step, const float* right, int64_t right_row, float* c,
                         int64_t c_row, bool accumulate, float* padded) {
  for (int64_t j = 0; j < n; j += kTileColumns) {
    const int64_t width = std::min<int64_t>(kTileColumns, n - j);
    const float* b = right + j;
    int64_t b_step = right_row;
    if (width % 8 != 0) {
      for (int64_t s = 0; s < k; ++s) {
        std::memcpy(padded + s * kTileColumns, b + s * right_row, static_cast<size_t>(width) * sizeof(float));
        std::fill(padded + s * kTileColumns + width, padded + (s + 1) * kTileColumns, 0.0f);
      }
      b = padded;
      b_step = kTileColumns;
    }
    for (int64_t i = 0; i < m; i += kTileRows) {
      matrix.tile(static_cast<int>(std::min<int64_t>(kTileRows, m - i)), static_cast<int>(width), k,
                  left + i * left_row, left_row, left_step, b, b_step, c + i * c_row + j, c_row, accumulate);
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

/// scores[m, count] = left[m, d] · rows[count, d]ᵀ for rows packed by `transpose_rows`.
inline void tile_scores(const MatrixKernels& matrix, int64_t m, int64_t count, int64_t d, const float* left,
                        int64_t left_row, const float* panels, float* scores) {
  for (int64_t j = 0; j < count; j += kTileColumns) {
    for (int64_t i = 0; i < m; i += kTileRows) {
      matrix.tile(static_cast<int>(std::min<int64_t>(kTileRows, m - i)),
                  static_cast<int>(std::min<int64_t>(kTileColumns, count - j)), d, left + i * left_row, left_row, 1,
                  panels + j * d, kTileColumns, scores + i * kKeyTile + j, kKeyTile, false);
    }
  }
}

}  // namespace hone::cpu
