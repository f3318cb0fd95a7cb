#include "backend/cpu/gemm.h"

#include <algorithm>
#include <cstring>

namespace hone::cpu {
namespace {

constexpr int64_t kBlockRows = 96;      ///< rows of the left factor that share a panel while they are in the L2 cache
constexpr int64_t kPanelColumns = 256;  ///< 256 KB of panel at full depth
constexpr int64_t kSmallWork = 1 << 20; ///< multiplications below which a second thread does not pay

struct PanelScratch;
struct LeftScratch;

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

/// How the result is cut into pieces of work. Columns first: no weight is then unpacked twice.
struct Split {
  int64_t rows, columns;
  bool threads;
};

Split split(int64_t m, int64_t n, int64_t depth, int64_t granule, int64_t tile_rows, unsigned threads) {
  Split s{m, round_up(std::min(n, std::max(kPanelColumns, granule)), granule),
          threads > 1 && m * n * depth >= kSmallWork};
  if (!s.threads) return s;
  const auto wanted = static_cast<int64_t>(threads) * 2;
  const auto pieces = [&] { return ((n + s.columns - 1) / s.columns) * ((m + s.rows - 1) / s.rows); };
  while (pieces() < wanted && s.columns > std::max<int64_t>(64, granule)) {
    s.columns = std::max(round_up(s.columns / 2, granule), std::max<int64_t>(64, granule));
  }
  while (pieces() < wanted && s.rows > kBlockRows) s.rows = round_up((s.rows + 1) / 2, tile_rows);
  return s;
}

/// Rows of a tile, at most `tallest`, chosen so that the last tile is not a sliver.
int64_t tile_height(int64_t rows, int64_t tallest) {
  const int64_t tiles = (rows + tallest - 1) / tallest;
  return (rows + tiles - 1) / tiles;
}

/// out[tile][k][height] from a left factor whose rows are not contiguous.
void pack_left(const LeftFactor& left, int64_t i, int64_t rows, int64_t height, int64_t k, int64_t depth, float* out) {
  for (int64_t r = 0; r < rows; r += height, out += depth * height) {
    const int64_t count = std::min(height, rows - r);
    const float* source = left.data + (i + r) * left.row + k * left.step;
    if (left.row == 1 && count == height) {
      for (int64_t s = 0; s < depth; ++s) std::copy_n(source + s * left.step, height, out + s * height);
      continue;
    }
    for (int64_t s = 0; s < depth; ++s) {
      for (int64_t x = 0; x < count; ++x) out[s * height + x] = source[x * left.row + s * left.step];
    }
  }
}

}  // namespace

void gemm(CpuBackend& backend, int64_t m, int64_t n, int64_t depth, const LeftFactor& left, const PackPanel& pack,
          int64_t granule, float* c, int64_t c_row, bool accumulate) {
  if (m == 0 || n == 0) return;
  const MatrixKernels& matrix = backend.simd.matrix;
  const Split size = split(m, n, depth, granule, matrix.tile_rows, backend.pool.size());
  const int64_t columns_of_pieces = (n + size.columns - 1) / size.columns;
  const int64_t pieces = columns_of_pieces * ((m + size.rows - 1) / size.rows);

  backend.pool.parallel_for(pieces, size.threads ? 1 : pieces, [&](int64_t begin, int64_t end) {
    float* panel = thread_scratch<PanelScratch>().get<float>(round_up(size.columns, kTileColumns) * kPanelDepth);
    float* packed = left.step == 1 ? nullptr : thread_scratch<LeftScratch>().get<float>(kBlockRows * kPanelDepth);
    for (int64_t piece = begin; piece < end; ++piece) {
      const int64_t j0 = piece % columns_of_pieces * size.columns, columns = std::min(size.columns, n - j0);
      const int64_t i0 = piece / columns_of_pieces * size.rows, rows = std::min(size.rows, m - i0);
      for (int64_t k = 0; k < depth; k += kPanelDepth) {
        const int64_t count = std::min(kPanelDepth, depth - k);
        pack(k, count, j0, columns, panel);
        for (int64_t block = 0; block < rows; block += kBlockRows) {
          const int64_t block_rows = std::min(kBlockRows, rows - block);
          const int64_t step = tile_height(block_rows, matrix.tile_rows);
          if (packed) pack_left(left, i0 + block, block_rows, step, k, count, packed);
          for (int64_t j = 0; j < columns; j += kTileColumns) {
            const int width = static_cast<int>(std::min<int64_t>(kTileColumns, columns - j));
            for (int64_t i = 0; i < block_rows; i += step) {
              const int height = static_cast<int>(std::min(step, block_rows - i));
              const int64_t row = i0 + block + i;
              const float* a = packed ? packed + i * count : left.data + row * left.row + k;
              matrix.tile(height, width, count, a, packed ? 1 : left.row, packed ? step : 1, panel + j * count,
                   kTileColumns, c + row * c_row + j0 + j, c_row, accumulate || k > 0);
            }
          }
        }
      }
    }
  });
}

void pack_row(const float* row, int64_t columns, int64_t s, int64_t depth, float* panel) {
  float* out = panel + s * kTileColumns;
  int64_t j = 0;
  for (; j + kTileColumns <= columns; j += kTileColumns, out += depth * kTileColumns) {
    std::memcpy(out, row + j, kTileColumns * sizeof(float));  // of a known size: no call
  }
  if (j < columns) {
    std::memcpy(out, row + j, static_cast<size_t>(columns - j) * sizeof(float));
    std::fill(out + columns - j, out + kTileColumns, 0.0f);
  }
}

PackPanel pack_rows(const float* right, int64_t row) {
  return [right, row](int64_t k, int64_t depth, int64_t j, int64_t columns, float* panel) {
    for (int64_t s = 0; s < depth; ++s) pack_row(right + (k + s) * row + j, columns, s, depth, panel);
  };
}

}  // namespace hone::cpu
