#include "backend/cpu/attention_tile.h"
#include "ops/attention.h"

#include <cmath>

namespace hone::cpu {
namespace {

struct TileScratch;

/// One tile of queries [t0, t1) against one tile of keys [s0, s1), for one head. The same numbers result whether dq
/// and dk, dv are gathered in one walk over the tiles or in two, because the order of the tiles is the same.
struct Backward {
  CpuBackend& backend;
  const ops::AttentionBackward& op;
  const float* corrections;  ///< D [T, H] = do · o
  int64_t d = op.q.columns / op.heads;
  int64_t per_group = op.heads / op.groups;
  int64_t tokens = op.q.rows;

  struct Tiles {
    float *keys, *values;  ///< transposed panels
    float *p, *ds;         ///< [kQueryTile, kKeyTile]
    float *q, *spare;
  };

  Tiles tiles() const {
    const int64_t panel = kKeyTile * d, square = kQueryTile * kKeyTile, q = kQueryTile * d;
    float* memory = thread_scratch<TileScratch>().get<float>(2 * panel + 2 * square + q +
                                                             std::max({kKeyTile, kQueryTile, d}) * kTileColumns);
    return {memory,
            memory + panel,
            memory + 2 * panel,
            memory + 2 * panel + square,
            memory + 2 * panel + 2 * square,
            memory + 2 * panel + 2 * square + q};
  }

  int64_t begin(int64_t t) const { return *op.key_begin.row<int32_t>(t); }

  int64_t lowest(int64_t t0, int64_t t1) const {
    int64_t lowest = begin(t0);
    for (int64_t t = t0 + 1; t < t1; ++t) lowest = std::min(lowest, begin(t));
    return lowest;
  }

  void load_keys(const Tiles& tile, int64_t g, int64_t s0, int64_t s1) const {
    const MatrixKernels& matrix = backend.simd.matrix;
    transpose_rows(matrix, op.k.row<float>(s0) + g * d, op.k.stride, s1 - s0, d, tile.keys, tile.spare);
    transpose_rows(matrix, op.v.row<float>(s0) + g * d, op.v.stride, s1 - s0, d, tile.values, tile.spare);
  }

  /// P and dS of the tile, for keys loaded before. Masked elements are 0.
  void weights(const Tiles& tile, int64_t h, int64_t t0, int64_t t1, int64_t s0, int64_t s1) const {
    const MatrixKernels& matrix = backend.simd.matrix;
    const RowKernels& rows = backend.simd.rows;
    const int64_t count = s1 - s0;
    for (int64_t t = t0; t < t1; ++t) {
      const float* q = op.q.row<float>(t) + h * d;
      for (int64_t i = 0; i < d; ++i) tile.q[(t - t0) * d + i] = q[i] * op.scale;
    }
    const Reach reach{t0 + 1 - s0};
    tile_scores(matrix, t1 - t0, count, d, reach, tile.q, d, tile.keys, tile.p);
    tile_scores(matrix, t1 - t0, count, d, reach, op.d_o.row<float>(t0) + h * d, op.d_o.stride, tile.values, tile.ds);
    for (int64_t t = t0; t < t1; ++t) {
      float* p = tile.p + (t - t0) * kKeyTile;
      float* ds = tile.ds + (t - t0) * kKeyTile;
      const int64_t first = std::clamp<int64_t>(begin(t) - s0, 0, count);
      const int64_t last = std::clamp<int64_t>(t + 1 - s0, first, count);
      rows.exponentials(p + first, op.lse.row<float>(t)[h], last - first);
      rows.softmax_backward(ds + first, p + first, corrections[t * op.heads + h], op.scale, last - first);
      for (float* row : {p, ds}) {
        std::fill(row, row + first, 0.0f);
        std::fill(row + last, row + count, 0.0f);
      }
    }
  }

  void add_dq(const Tiles& tile, int64_t h, int64_t t0, int64_t t1, int64_t s0, int64_t s1) const {
    const int64_t g = h / per_group;
    add_product(backend.simd.matrix, t1 - t0, s1 - s0, d, tile.ds, {t0 + 1 - s0}, op.k.row<float>(s0) + g * d,
                op.k.stride, op.dq.row<float>(t0) + h * d, op.dq.stride, tile.spare);
  }

  void add_dk_dv(const Tiles& tile, int64_t h, int64_t t0, int64_t t1, int64_t s0, int64_t s1) const {
    const MatrixKernels& matrix = backend.simd.matrix;
    const int64_t g = h / per_group;
    const Reach reach{t0 + 1 - s0};
    add_product_of_transposed(matrix, t1 - t0, s1 - s0, d, tile.ds, reach, op.q.row<float>(t0) + h * d, op.q.stride,
                              op.dk.row<float>(s0) + g * d, op.dk.stride, tile.spare);
    add_product_of_transposed(matrix, t1 - t0, s1 - s0, d, tile.p, reach, op.d_o.row<float>(t0) + h * d,
                              op.d_o.stride, op.dv.row<float>(s0) + g * d, op.dv.stride, tile.spare);
  }

  /// dq of queries [t0, t1) of head h.
  void queries(int64_t h, int64_t t0, int64_t t1) const {
    const Tiles tile = tiles();
    for (int64_t t = t0; t < t1; ++t) std::fill_n(op.dq.row<float>(t) + h * d, d, 0.0f);
    for (int64_t s0 = lowest(t0, t1) / kKeyTile * kKeyTile; s0 < t1; s0 += kKeyTile) {
      const int64_t s1 = std::min(tokens, s0 + kKeyTile), row = std::max(t0, s0);
      load_keys(tile, h / per_group, s0, s1);
      weights(tile, h, row, t1, s0, s1);
      add_dq(tile, h, row, t1, s0, s1);
    }
  }

  /// dk and dv of keys [s0, s1) of group g, and dq as well when `with_dq` (all queries then belong to one thread).
  void keys(int64_t g, int64_t s0, int64_t s1, bool with_dq) const {
    const Tiles tile = tiles();
    for (int64_t s = s0; s < s1; ++s) {
      std::fill_n(op.dk.row<float>(s) + g * d, d, 0.0f);
      std::fill_n(op.dv.row<float>(s) + g * d, d, 0.0f);
    }
    load_keys(tile, g, s0, s1);
    for (int64_t h = g * per_group; h < (g + 1) * per_group; ++h) {
      for (int64_t t0 = s0 / kQueryTile * kQueryTile; t0 < tokens; t0 += kQueryTile) {
        const int64_t t1 = std::min(tokens, t0 + kQueryTile), row = std::max(t0, s0);
        if (lowest(t0, t1) >= s1) continue;
        weights(tile, h, row, t1, s0, s1);
        add_dk_dv(tile, h, row, t1, s0, s1);
        if (with_dq) add_dq(tile, h, row, t1, s0, s1);
      }
    }
  }
};

void attention_backward(Backend& any, const ops::AttentionBackward& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t tokens = op.q.rows, d = op.q.columns / op.heads;
  float* corrections = backend.values.get<float>(tokens * op.heads);
  backend.pool.parallel_for(tokens, row_grain(op.q.columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t first = *op.key_begin.row<int32_t>(t);
      ensure(first >= 0 && first <= t, "attention_backward: a query sees no key");
      for (int64_t h = 0; h < op.heads; ++h) {
        corrections[t * op.heads + h] =
            backend.simd.rows.dot(op.d_o.row<float>(t) + h * d, op.o.row<float>(t) + h * d, d);
      }
    }
  });

  const Backward backward{backend, op, corrections};
  const int64_t blocks = (tokens + kKeyTile - 1) / kKeyTile, query_blocks = (tokens + kQueryTile - 1) / kQueryTile;
  const int64_t tile_cost = kQueryTile * kKeyTile * d / 2;
  if (op.groups >= static_cast<int64_t>(backend.pool.size())) {
    backend.pool.parallel_for(op.groups, row_grain(tile_cost * blocks), [&](int64_t begin, int64_t end) {
      for (int64_t g = begin; g < end; ++g) {
        for (int64_t t = 0; t < tokens; ++t) {
          std::fill_n(op.dq.row<float>(t) + g * backward.per_group * d, backward.per_group * d, 0.0f);
        }
        for (int64_t b = 0; b < blocks; ++b) {
          backward.keys(g, b * kKeyTile, std::min(tokens, (b + 1) * kKeyTile), true);
        }
      }
    });
    return;
  }
  // Fewer groups than threads: two walks over the tiles, 7 products instead of 5, but many more pieces.
  backend.pool.parallel_for(query_blocks * op.heads, row_grain(tile_cost), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t t0 = (query_blocks - 1 - i / op.heads) * kQueryTile;  // the longest ones first
      backward.queries(i % op.heads, t0, std::min(tokens, t0 + kQueryTile));
    }
  });
  backend.pool.parallel_for(blocks * op.groups, row_grain(tile_cost), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t s0 = i / op.groups * kKeyTile;
      backward.keys(i % op.groups, s0, std::min(tokens, s0 + kKeyTile), false);
    }
  });
}

const Kernel<ops::AttentionBackward> kernel(BackendKind::cpu, attention_backward);

}  // namespace
}  // namespace hone::cpu
