#include "backend/cpu/simd/tables.h"

namespace hone::cpu {
namespace {

void tile(int m, int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step,
          float* c, int64_t c_row, bool accumulate) {
  for (int i = 0; i < m; ++i) {
    float sums[kTileColumns] = {};
    const int wide = n > 8 ? 16 : 8;
    for (int64_t s = 0; s < k; ++s) {
      const float factor = a[i * a_row + s * a_step];
      const float* row = b + s * b_step;
      if (wide == 16) {
        for (int j = 0; j < 16; ++j) sums[j] += factor * row[j];
      } else {
        for (int j = 0; j < 8; ++j) sums[j] += factor * row[j];
      }
    }
    float* out = c + i * c_row;
    for (int j = 0; j < n; ++j) out[j] = accumulate ? out[j] + sums[j] : sums[j];
  }
}

void transpose16(const float* rows, int64_t stride, int64_t k, float* panel) {
  for (int j = 0; j < 16; ++j) {
    for (int64_t s = 0; s < k; ++s) panel[s * 16 + j] = rows[j * stride + s];
  }
}

}  // namespace

MatrixKernels scalar_matrix_kernels() { return {6, tile, transpose16}; }

}  // namespace hone::cpu
