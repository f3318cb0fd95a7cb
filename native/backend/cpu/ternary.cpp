#include "backend/cpu/ternary.h"

#include "backend/cpu/ternary_view.h"

#include <algorithm>
#include <cstring>

namespace hone::cpu {
namespace {

struct CodeScratch;
struct PanelScratch;
struct SumScratch;

constexpr int64_t kFewTokens = 5;
constexpr int64_t kTile = kTileColumns;
constexpr int64_t kSmallWork = 1 << 22;  ///< multiplications below which a second thread does not pay

/// The activations of all tokens: codes, the size of one step, and the sum of the codes of every block.
struct RoundedInput {
  int64_t tokens, columns, blocks;
  int8_t* q;
  int32_t* sums;  ///< [tokens, blocks]
  float* steps;   ///< [tokens]
};

RoundedInput round_input(CpuBackend& backend, const Tensor& x, int64_t block) {
  const int64_t blocks = x.columns / block;
  const int64_t q_bytes = (x.elements() + 63) / 64 * 64, sum_bytes = (x.rows * blocks * 4 + 63) / 64 * 64;
  auto* memory = backend.inputs.get<std::byte>(q_bytes + sum_bytes + x.rows * 4);
  const RoundedInput input{x.rows,
                           x.columns,
                           blocks,
                           reinterpret_cast<int8_t*>(memory),
                           reinterpret_cast<int32_t*>(memory + q_bytes),
                           reinterpret_cast<float*>(memory + q_bytes + sum_bytes)};
  backend.pool.parallel_for(x.rows, row_grain(x.columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      int8_t* q = input.q + t * x.columns;
      input.steps[t] = round_row(backend.simd, x.row<float>(t), q, x.columns);
      for (int64_t b = 0; b < blocks; ++b) input.sums[t * blocks + b] = backend.simd.ternary.sum(q + b * block, block);
    }
  });
  return input;
}

/// One dot per output, straight from the packed row.
void few_tokens(CpuBackend& backend, const TernaryView& w, const RoundedInput& x, const ops::Linear& op) {
  backend.pool.parallel_for(w.rows, row_grain(x.columns / 16), [&](int64_t begin, int64_t end) {
    uint8_t codes[kTernaryBlock];
    const bool direct = w.dtype == DType::TQ2_0;
    for (int64_t o = begin; o < end; ++o) {
      float totals[kFewTokens] = {};
      for (int64_t t = 0; direct && t < x.tokens; ++t) {
        totals[t] = w.kernels.dot_tq2_0(w.at(o, 0), w.blocks, x.q + t * x.columns, x.sums + t * x.blocks);
      }
      for (int64_t b = 0; !direct && b < w.blocks; ++b) {
        const std::byte* bytes = w.at(o, b);
        const float scale = w.scale(bytes);
        w.unpack(bytes, codes);
        for (int64_t t = 0; t < x.tokens; ++t) {
          const int32_t sum = w.kernels.dot_codes(codes, x.q + t * x.columns + b * w.block, w.block);
          totals[t] += scale * static_cast<float>(sum - x.sums[t * x.blocks + b]);
        }
      }
      for (int64_t t = 0; t < x.tokens; ++t) {
        float& y = op.y.row<float>(t)[o];
        const float value = totals[t] * x.steps[t];
        y = op.accumulate ? y + value : value;
      }
    }
  });
}

/// Codes of 16 rows, all blocks, as panel[block][k / 4][16][4], with scales[block][16]; missing rows are zero.
void pack_panel(const TernaryView& w, int64_t row, int64_t count, uint8_t* panel, float* scales) {
  uint8_t* codes = thread_scratch<CodeScratch>().get<uint8_t>(kTile * kTernaryBlock);
  for (int64_t b = 0; b < w.blocks; ++b) {
    for (int64_t r = 0; r < kTile; ++r) {
      if (r < count) {
        const std::byte* bytes = w.at(row + r, b);
        w.unpack(bytes, codes + r * w.block);
        scales[b * kTile + r] = w.scale(bytes);
      } else {
        std::memset(codes + r * w.block, 1, static_cast<size_t>(w.block));
        scales[b * kTile + r] = 0;
      }
    }
    w.kernels.interleave16(codes, w.block, w.block, panel + b * w.block * kTile);
  }
}

void many_tokens(CpuBackend& backend, const TernaryView& w, const RoundedInput& x, const ops::Linear& op) {
  // Pieces of whole panels of 16 outputs; when those are too few for the threads, the tokens are halved as well.
  const int64_t panels = (w.rows + kTile - 1) / kTile;
  int64_t token_pieces = 1;
  const bool small = x.tokens * x.columns * w.rows < kSmallWork;
  while (!small && panels * token_pieces < 2 * static_cast<int64_t>(backend.pool.size()) &&
         x.tokens / token_pieces > 64) {
    token_pieces *= 2;
  }
  const int64_t height = w.kernels.tile_rows;
  const int64_t tokens = ((x.tokens + token_pieces - 1) / token_pieces + height - 1) / height * height;
  const int64_t pieces = panels * token_pieces;

  backend.pool.parallel_for(pieces, small ? pieces : 1, [&](int64_t begin, int64_t end) {
    auto* memory = thread_scratch<PanelScratch>().get<std::byte>(kTile * x.columns + kTile * w.blocks * 4);
    auto* scales = reinterpret_cast<float*>(memory);
    auto* panel = reinterpret_cast<uint8_t*>(memory + kTile * w.blocks * 4);
    for (int64_t piece = begin; piece < end; ++piece) {
      const int64_t o = piece % panels * kTile, outputs = std::min(kTile, w.rows - o);
      const int64_t first = piece / panels * tokens, last = std::min(x.tokens, first + tokens);
      if (first >= last) continue;
      pack_panel(w, o, outputs, panel, scales);
      for (int64_t t = first; t < last; t += height) {
        const int m = static_cast<int>(std::min(height, last - t));
        float sums[kMaxTileRows * kTile] = {};
        for (int64_t b = 0; b < w.blocks; ++b) {
          w.kernels.tile(m, w.block, x.q + t * x.columns + b * w.block, x.columns, x.sums + t * x.blocks + b, x.blocks,
                         panel + b * w.block * kTile, scales + b * kTile, sums);
        }
        for (int64_t i = 0; i < m; ++i) {
          float* y = op.y.row<float>(t + i) + o;
          const float step = x.steps[t + i];
          if (op.accumulate) {
            for (int64_t j = 0; j < outputs; ++j) y[j] += sums[i * kTile + j] * step;
          } else {
            for (int64_t j = 0; j < outputs; ++j) y[j] = sums[i * kTile + j] * step;
          }
        }
      }
    }
  });
}

}  // namespace

float round_row(const Simd& simd, const float* x, int8_t* q, int64_t n) {
  const float largest = simd.rows.largest_magnitude(x, n);
  const float absmax = largest < 1e-5f ? 1e-5f : largest;  // keeps NaN
  simd.ternary.round(x, 127.0f / absmax, q, n);
  return absmax / 127.0f;
}

void ternary_linear(CpuBackend& backend, const ops::Linear& op) {
  const TernaryView w(backend.simd, op.w);
  const RoundedInput x = round_input(backend, op.x, w.block);
  if (x.tokens < kFewTokens) {
    few_tokens(backend, w, x, op);
  } else {
    many_tokens(backend, w, x, op);
  }
}

}  // namespace hone::cpu
