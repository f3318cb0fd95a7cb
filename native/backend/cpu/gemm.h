#pragma once

#include "backend/cpu/backend.h"

#include <functional>

namespace hone::cpu {

/// Left factor of a product: element (i, k) is data[i * row + k * step].
struct LeftFactor {
  const float* data;
  int64_t row;
  int64_t step;
};

/// Writes rows [k, k + depth) of columns [j, j + columns) of the right factor as panels of 16 columns:
/// panel[column / 16][row][16], zeros beyond the last column. Called from many threads at once.
using PackPanel = std::function<void(int64_t k, int64_t depth, int64_t j, int64_t columns, float* panel)>;

/// Depth of a panel: 256 rows of 16 floats stay in the first cache, and every block format ends there.
inline constexpr int64_t kPanelDepth = 256;

/// c[m, n] (+)= left[m, depth] · right[depth, n] in float32. k is summed in ascending order inside pieces of
/// kPanelDepth, whose sums are added in ascending order; how the work is split has no influence on the result.
/// `granule`: the smallest run of columns that `pack` can deliver without waste (a multiple of 16).
void gemm(CpuBackend& backend, int64_t m, int64_t n, int64_t depth, const LeftFactor& left, const PackPanel& pack,
          int64_t granule, float* c, int64_t c_row, bool accumulate);

/// Row s of the panels: `columns` floats of `row`, 16 to a panel of `depth` rows, zeros beyond the last.
void pack_row(const float* row, int64_t columns, int64_t s, int64_t depth, float* panel);

/// `pack` for a right factor that lies in memory as float32 rows.
PackPanel pack_rows(const float* right, int64_t row);

}  // namespace hone::cpu
