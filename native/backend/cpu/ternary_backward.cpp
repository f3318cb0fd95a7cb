#include "backend/cpu/ternary.h"
#include "backend/cpu/ternary_view.h"

#include <algorithm>
#include <optional>

namespace hone::cpu {
namespace {

struct CodeScratch;
struct SumScratch;

constexpr int64_t kTile = kTileColumns;
constexpr int64_t kDepth = 256;          ///< outputs whose codes are unpacked at once: 64 KB with 256 inputs
constexpr int64_t kFewTokens = 8;        ///< below this many unpacking would cost more than it saves
constexpr int64_t kSmallWork = 1 << 22;  ///< multiplications below which a second thread does not pay
constexpr float kLargest = 32639;        ///< 256 · 127 + 127

/// The scale of all blocks that have a weight other than 0, where there is but one.
std::optional<float> common_scale(const TernaryView& w) {
  if (w.dtype == DType::I2_S) return w.tensor_scale;
  float found = 0;
  for (int64_t o = 0; o < w.rows; ++o) {
    for (int64_t b = 0; b < w.blocks; ++b) {
      const float scale = w.scale(w.at(o, b));
      if (scale == found || scale == 0) continue;
      if (found != 0 || scale != scale) return std::nullopt;
      found = scale;
    }
  }
  return found;
}

/// dy of all tokens as 16-bit numbers in two digits, dy ≈ step · (256 · high + low), and the sums of the digits of
/// every kDepth outputs. Outputs are padded with zeros to a multiple of 32.
struct Digits {
  int64_t outputs, parts;
  int8_t *high, *low;              ///< [tokens, outputs]
  int32_t *high_sums, *low_sums;   ///< [tokens, parts]
  float* steps;                    ///< [tokens]
};

Digits split_rows(CpuBackend& backend, const Tensor& dy) {
  const int64_t outputs = (dy.columns + 31) / 32 * 32, parts = (outputs + kDepth - 1) / kDepth;
  const int64_t q_bytes = (dy.rows * outputs + 63) / 64 * 64, sums = dy.rows * parts;
  auto* memory = backend.inputs.get<std::byte>(2 * q_bytes + (2 * sums + dy.rows) * 4);
  auto* integers = reinterpret_cast<int32_t*>(memory + 2 * q_bytes);
  const Digits digits{outputs,
                      parts,
                      reinterpret_cast<int8_t*>(memory),
                      reinterpret_cast<int8_t*>(memory + q_bytes),
                      integers,
                      integers + sums,
                      reinterpret_cast<float*>(integers + 2 * sums)};
  backend.pool.parallel_for(dy.rows, row_grain(dy.columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float largest = backend.simd.rows.largest_magnitude(dy.row<float>(t), dy.columns);
      const bool vanishes = largest < 1e-30f;  // its inverse would overflow; NaN goes on
      int8_t *high = digits.high + t * outputs, *low = digits.low + t * outputs;
      backend.simd.rows.split(dy.row<float>(t), vanishes ? 0 : kLargest / largest, high, low, dy.columns);
      digits.steps[t] = vanishes ? 0 : largest / kLargest;
      std::fill(high + dy.columns, high + outputs, int8_t{0});
      std::fill(low + dy.columns, low + outputs, int8_t{0});
      for (int64_t p = 0; p < parts; ++p) {
        const int64_t first = p * kDepth, count = std::min(kDepth, outputs - first);
        digits.high_sums[t * parts + p] = backend.simd.ternary.sum(high + first, count);
        digits.low_sums[t * parts + p] = backend.simd.ternary.sum(low + first, count);
      }
    }
  });
  return digits;
}

/// Codes of outputs [o, o + depth) and the inputs of block b as panels of 16 inputs; missing outputs weigh nothing.
void pack_panels(const TernaryView& w, int64_t o, int64_t depth, int64_t b, uint8_t* codes, uint8_t* panels) {
  for (int64_t r = 0; r < depth; ++r) {
    const std::byte* bytes = o + r < w.rows ? w.at(o + r, b) : nullptr;
    if (bytes && w.scale(bytes) != 0) {
      w.unpack(bytes, codes + r * w.block);
    } else {
      std::memset(codes + r * w.block, 1, static_cast<size_t>(w.block));
    }
  }
  w.kernels.interleave_rows(codes, depth, w.block, panels);
}

/// dx of tokens [first, last) for the inputs of block b.
void strip(const TernaryView& w, const Digits& digits, float scale, int64_t b, int64_t first, int64_t last,
           const ops::LinearBackward& op) {
  const int64_t height = w.kernels.tile_rows, panels = w.block / kTile;
  uint8_t* codes = thread_scratch<CodeScratch>().get<uint8_t>(2 * kDepth * w.block);
  uint8_t* packed = codes + kDepth * w.block;
  const int64_t count = (last - first + height - 1) / height * height * w.block;
  float* sums = thread_scratch<SumScratch>().get<float>(count);  // [tile of tokens][panel][height][16]
  std::fill_n(sums, count, 0.0f);
  float high_scales[kTile], low_scales[kTile];
  std::fill_n(high_scales, kTile, scale * 256);
  std::fill_n(low_scales, kTile, scale);

  for (int64_t part = 0; part < digits.parts; ++part) {
    const int64_t o = part * kDepth, depth = std::min(kDepth, digits.outputs - o);
    pack_panels(w, o, depth, b, codes, packed);
    float* sum = sums;
    for (int64_t t = first; t < last; t += height) {
      const int m = static_cast<int>(std::min(height, last - t));
      const int64_t q = t * digits.outputs + o, s = t * digits.parts + part;
      for (int64_t p = 0; p < panels; ++p, sum += height * kTile) {
        const uint8_t* panel = packed + p * depth * kTile;
        w.kernels.tile(m, depth, digits.high + q, digits.outputs, digits.high_sums + s, digits.parts, panel,
                       high_scales, sum);
        w.kernels.tile(m, depth, digits.low + q, digits.outputs, digits.low_sums + s, digits.parts, panel, low_scales,
                       sum);
      }
    }
  }

  for (int64_t t = first; t < last; ++t) {
    const int64_t tile = (t - first) / height, i = (t - first) % height;
    float* dx = op.dx.row<float>(t) + b * w.block;
    for (int64_t p = 0; p < panels; ++p, dx += kTile) {
      const float* sum = sums + ((tile * panels + p) * height + i) * kTile;
      for (int64_t j = 0; j < kTile; ++j) {
        const float value = sum[j] * digits.steps[t];
        dx[j] = op.accumulate ? dx[j] + value : value;
      }
    }
  }
}

}  // namespace

bool ternary_linear_backward(CpuBackend& backend, const ops::LinearBackward& op) {
  const int64_t tokens = op.dy.rows;
  if (tokens < kFewTokens) return false;
  const TernaryView w(backend.simd, op.w);
  const auto scale = common_scale(w);
  if (!scale) return false;
  const Digits digits = split_rows(backend, op.dy);

  // Pieces of whole strips; when those are too few for the threads, the tokens are halved as well.
  const bool small = tokens * op.w.columns * op.w.rows < kSmallWork;
  int64_t token_pieces = 1;
  while (!small && w.blocks * token_pieces < 3 * static_cast<int64_t>(backend.pool.size()) &&
         tokens / token_pieces > 96) {
    token_pieces *= 2;
  }
  const int64_t height = w.kernels.tile_rows;
  const int64_t per_piece = ((tokens + token_pieces - 1) / token_pieces + height - 1) / height * height;
  const int64_t pieces = w.blocks * token_pieces;
  backend.pool.parallel_for(pieces, small ? pieces : 1, [&](int64_t begin, int64_t end) {
    for (int64_t piece = begin; piece < end; ++piece) {
      const int64_t first = piece / w.blocks * per_piece, last = std::min(tokens, first + per_piece);
      if (first < last) strip(w, digits, *scale, piece % w.blocks, first, last, op);
    }
  });
  return true;
}

}  // namespace hone::cpu
