#include "ops/attention.h"

#include "backend/cpu/attention_tile.h"

#include <cmath>
#include <vector>

namespace hone::cpu {
namespace {

struct TileScratch;
struct StoredScratch;

/// Below this many rows of scores transposing the keys costs more than it saves.
constexpr int64_t kFewRows = 6;

/// Rows of float32, `stride` floats apart.
struct Rows {
  const float* data;
  int64_t stride;
};

/// Online softmax state of one query head: largest score so far and Σ exp(score - largest).
struct Softmax {
  float largest = -INFINITY;
  float total = 0;
};

struct Forward {
  CpuBackend& backend;
  const ops::Attention& op;
  int64_t d = op.q.columns / op.heads;
  int64_t per_group = op.heads / op.groups;

  int64_t begin(int64_t t) const { return *op.key_begin.row<int32_t>(t); }

  /// Keys or values of group g, rows [s, s + count), up to kKeyTile of them; `scratch` receives them where they are not
  /// stored as float32.
  Rows rows_of(const Tensor& stored, int64_t s, int64_t count, int64_t g, float* scratch) const {
    if (stored.dtype == DType::F32) return {stored.row<float>(s) + g * d, stored.stride};
    for (int64_t r = 0; r < count; ++r) {
      const std::byte* row = stored.data() + matrix_bytes(stored.dtype, s + r, stored.stride);
      backend.simd.weights.decode(stored.dtype, row + matrix_bytes(stored.dtype, 1, g * d), scratch + r * d, d);
    }
    return {scratch, d};
  }

  /// Room for a tile of keys and one of values; see `rows_of`.
  float* stored_scratch() const { return thread_scratch<StoredScratch>().get<float>(2 * kKeyTile * d); }

  /// Scores of one query row against keys of a tile become weights; the row of o is scaled to the new maximum.
  /// Columns of the tile outside [first, last) become 0.
  void absorb(float* row, int64_t count, int64_t first, int64_t last, Softmax& state, float* o) const {
    const RowKernels& rows = backend.simd.rows;
    first = std::clamp<int64_t>(first, 0, count);
    last = std::clamp<int64_t>(last, first, count);
    if (last > first) {
      const float largest = std::max(state.largest, rows.largest(row + first, last - first));
      const float keep = largest == state.largest ? 1 : std::exp(state.largest - largest);
      state.total = state.total * keep + rows.exponentials(row + first, largest, last - first);
      if (keep != 1) rows.scale(o, keep, d);
      state.largest = largest;
    }
    std::fill(row, row + first, 0.0f);
    std::fill(row + last, row + count, 0.0f);
  }

  void finish(int64_t t, int64_t h, const Softmax& state) const {
    backend.simd.rows.scale(op.o.row<float>(t) + h * d, 1 / state.total, d);
    if (op.lse) op.lse.row<float>(t)[h] = state.largest + std::log(state.total);
  }

  /// Queries [t0, t1) of one group. Every head of the group reads the same transposed keys.
  void block(int64_t g, int64_t t0, int64_t t1) const {
    const MatrixKernels& matrix = backend.simd.matrix;
    const int64_t queries = t1 - t0;
    const int64_t q_floats = per_group * queries * d;
    float* memory = thread_scratch<TileScratch>().get<float>(
        q_floats + kKeyTile * d + kQueryTile * kKeyTile + std::max(kKeyTile, d) * kTileColumns);
    float* q = memory;  // [per_group, queries, d], scaled
    float* keys = q + q_floats;
    float* scores = keys + kKeyTile * d;
    float* spare = scores + kQueryTile * kKeyTile;
    float* stored = stored_scratch();

    std::vector<Softmax> states(per_group * queries);
    int64_t lowest = op.k.rows;
    for (int64_t t = t0; t < t1; ++t) {
      ensure(begin(t) >= 0 && begin(t) <= op.past + t, "attention: a query sees no key");
      lowest = std::min(lowest, begin(t));
      for (int64_t x = 0; x < per_group; ++x) {
        const int64_t h = g * per_group + x;
        const float* source = op.q.row<float>(t) + h * d;
        float* scaled = q + (x * queries + t - t0) * d;
        for (int64_t i = 0; i < d; ++i) scaled[i] = source[i] * op.scale;
        std::fill_n(op.o.row<float>(t) + h * d, d, 0.0f);
      }
    }

    for (int64_t s0 = lowest / kKeyTile * kKeyTile; s0 < op.past + t1; s0 += kKeyTile) {
      const int64_t count = std::min(kKeyTile, op.past + t1 - s0);
      const int64_t skipped = std::max<int64_t>(0, s0 - op.past - t0);  // queries before the first key of the tile
      const int64_t m = queries - skipped;
      const Reach reach{op.past + t0 + skipped + 1 - s0};
      const Rows k = rows_of(op.k, s0, count, g, stored), v = rows_of(op.v, s0, count, g, stored + kKeyTile * d);
      transpose_rows(matrix, k.data, k.stride, count, d, keys, spare);
      for (int64_t x = 0; x < per_group; ++x) {
        const int64_t h = g * per_group + x;
        tile_scores(matrix, m, count, d, reach, q + (x * queries + skipped) * d, d, keys, scores);
        for (int64_t i = 0; i < m; ++i) {
          const int64_t t = t0 + skipped + i;
          absorb(scores + i * kKeyTile, count, begin(t) - s0, op.past + t + 1 - s0,
                 states[x * queries + skipped + i], op.o.row<float>(t) + h * d);
        }
        add_product(matrix, m, count, d, scores, reach, v.data, v.stride, op.o.row<float>(t0 + skipped) + h * d, op.o.stride, spare);
      }
    }
    for (int64_t x = 0; x < per_group; ++x) {
      for (int64_t t = t0; t < t1; ++t) finish(t, g * per_group + x, states[x * queries + t - t0]);
    }
  }

  /// One query of one head, key by key: for generation, where there is nothing to share a transposed tile with.
  void single(int64_t t, int64_t h) const {
    const RowKernels& rows = backend.simd.rows;
    const int64_t g = h / per_group;
    const float* q = op.q.row<float>(t) + h * d;
    float* o = op.o.row<float>(t) + h * d;
    float scores[kKeyTile];
    float* stored = stored_scratch();
    Softmax state;
    ensure(begin(t) >= 0 && begin(t) <= op.past + t, "attention: a query sees no key");
    std::fill_n(o, d, 0.0f);
    for (int64_t s0 = begin(t); s0 <= op.past + t; s0 += kKeyTile) {
      const int64_t count = std::min(kKeyTile, op.past + t + 1 - s0);
      const Rows k = rows_of(op.k, s0, count, g, stored), v = rows_of(op.v, s0, count, g, stored + kKeyTile * d);
      for (int64_t s = 0; s < count; ++s) scores[s] = op.scale * rows.dot(q, k.data + s * k.stride, d);
      absorb(scores, count, 0, count, state, o);
      for (int64_t s = 0; s < count; ++s) rows.add_scaled(o, v.data + s * v.stride, scores[s], d);
    }
    finish(t, h, state);
  }
};

void attention(Backend& any, const ops::Attention& op) {
  CpuBackend& backend = cpu_of(any);
  const Forward forward{backend, op};
  const int64_t tokens = op.q.rows;
  if (tokens * forward.per_group < kFewRows) {
    const int64_t grain = row_grain(op.k.rows * forward.d / 4);
    backend.pool.parallel_for(tokens * op.heads, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) forward.single(i / op.heads, i % op.heads);
    });
    return;
  }
  const int64_t blocks = (tokens + kQueryTile - 1) / kQueryTile;
  const int64_t grain = row_grain(kQueryTile * forward.per_group * forward.d * std::min<int64_t>(op.k.rows, 256) / 8);
  backend.pool.parallel_for(blocks * op.groups, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t block = blocks - 1 - i / op.groups;  // the longest ones first
      forward.block(i % op.groups, block * kQueryTile, std::min(tokens, (block + 1) * kQueryTile));
    }
  });
}

const Kernel<ops::Attention> kernel(BackendKind::cpu, attention);

}  // namespace
}  // namespace hone::cpu
