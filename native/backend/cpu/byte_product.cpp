#include "backend/cpu/byte_product.h"

#include "backend/weight_rows.h"
#include "core/float16.h"

#include <algorithm>
#include <cstring>

namespace hone::cpu {
namespace {

struct CodeScratch;
struct PanelScratch;

constexpr int64_t kTile = kTileColumns;
constexpr int64_t kBlock = 32;
constexpr int64_t kFewTokens = 12;       ///< below this many the float product is as fast
constexpr int64_t kSmallWork = 1 << 21;  ///< multiplications below which a second thread does not pay

/// The inputs of all tokens: rows 2 t and 2 t + 1 are the high and the low digit of token t.
struct Digits {
  int64_t blocks;
  int8_t* q;        ///< [2 tokens, columns]
  int32_t* starts;  ///< [2 tokens, blocks]: -offset · Σ q, because codes are weights plus that offset
  float* factors;   ///< [2 tokens, blocks]: what one unit of the digit is worth
};

Digits split_input(CpuBackend& backend, const ByteProduct& p, int32_t offset) {
  const int64_t columns = p.w.columns, blocks = columns / kBlock, rows = 2 * p.tokens;
  const int64_t q_bytes = (rows * columns + 63) / 64 * 64;
  auto* memory = backend.inputs.get<std::byte>(q_bytes + rows * blocks * 8);
  auto* starts = reinterpret_cast<int32_t*>(memory + q_bytes);
  const Digits digits{blocks, reinterpret_cast<int8_t*>(memory), starts,
                      reinterpret_cast<float*>(starts + rows * blocks)};
  backend.pool.parallel_for(p.tokens, row_grain(columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      backend.simd.bytes.split(p.x + t * p.x_row, blocks, offset, digits.q + 2 * t * columns,
                               digits.q + (2 * t + 1) * columns, digits.starts + 2 * t * blocks,
                               digits.factors + 2 * t * blocks);
    }
  });
  return digits;
}

/// What is added to a weight to make its code a byte without sign.
int32_t offset_of(DType dtype) { return dtype == DType::Q8_0 ? 128 : 8; }

/// Codes and scales of one row.
void unpack_row(DType dtype, const std::byte* row, int64_t blocks, uint8_t* codes, float* scales, int64_t stride) {
  for (int64_t b = 0; b < blocks; ++b, codes += kBlock) {
    uint16_t half;
    std::memcpy(&half, row, 2);
    scales[b * stride] = f32_from_f16(half);
    const auto* bytes = reinterpret_cast<const uint8_t*>(row + 2);
    if (dtype == DType::Q8_0) {
      for (int i = 0; i < 32; ++i) codes[i] = bytes[i] ^ 0x80;
      row += 34;
    } else {
      for (int i = 0; i < 16; ++i) codes[i] = bytes[i] & 15;
      for (int i = 0; i < 16; ++i) codes[16 + i] = bytes[i] >> 4;
      row += 18;
    }
  }
}

/// Codes of 16 rows as panel[k / 4][16][4] and scales[block][16]; missing rows weigh nothing.
void pack_panel(const CpuBackend& backend, const Tensor& w, int64_t row, int64_t count, uint8_t* panel, float* scales) {
  const int64_t blocks = w.columns / kBlock;
  uint8_t* codes = thread_scratch<CodeScratch>().get<uint8_t>(kTile * w.columns);
  for (int64_t r = 0; r < kTile; ++r) {
    if (r < count) {
      unpack_row(w.dtype, weight_row(w, row + r), blocks, codes + r * w.columns, scales + r, kTile);
      continue;
    }
    std::memset(codes + r * w.columns, 0, static_cast<size_t>(w.columns));
    for (int64_t b = 0; b < blocks; ++b) scales[b * kTile + r] = 0;
  }
  backend.simd.ternary.interleave16(codes, w.columns, w.columns, panel);
}

/// Tokens [first, last) for the outputs of one panel.
void panel_product(const CpuBackend& backend, const Digits& x, const ByteProduct& p, int64_t o, int64_t outputs,
                   int64_t first, int64_t last, const uint8_t* panel, const float* scales) {
  const int64_t height = backend.simd.bytes.tile_rows / 2;  // tokens of a tile
  float sums[kMaxTileRows * kTile];
  for (int64_t t = first; t < last; t += height) {
    const int64_t count = std::min(height, last - t);
    backend.simd.bytes.tile(static_cast<int>(2 * count), x.blocks, x.q + 2 * t * p.w.columns, p.w.columns,
                            x.starts + 2 * t * x.blocks, x.factors + 2 * t * x.blocks, panel, scales, sums);
    for (int64_t i = 0; i < count; ++i) {
      const float *high = sums + 2 * i * kTile, *low = high + kTile;
      float* y = p.y + (t + i) * p.y_row + o;
      if (p.accumulate) {
        for (int64_t j = 0; j < outputs; ++j) y[j] += high[j] + low[j];
      } else {
        for (int64_t j = 0; j < outputs; ++j) y[j] = high[j] + low[j];
      }
    }
  }
}

}  // namespace

bool byte_product(CpuBackend& backend, const ByteProduct& p) {
  const bool known = p.w.dtype == DType::Q8_0 || p.w.dtype == DType::Q4_0;
  if (!known || backend.simd.bytes.tile_rows == 0 || p.tokens < kFewTokens) return false;
  const Digits x = split_input(backend, p, offset_of(p.w.dtype));

  // Pieces of whole panels of 16 outputs; when those are too few for the threads, the tokens are halved as well.
  const int64_t tokens = p.tokens, panels = (p.w.rows + kTile - 1) / kTile;
  const bool small = tokens * p.w.columns * p.w.rows < kSmallWork;
  int64_t token_pieces = 1;
  while (!small && panels * token_pieces < 2 * static_cast<int64_t>(backend.pool.size()) &&
         tokens / token_pieces > 64) {
    token_pieces *= 2;
  }
  const int64_t height = backend.simd.bytes.tile_rows / 2;
  const int64_t per_piece = ((tokens + token_pieces - 1) / token_pieces + height - 1) / height * height;
  const int64_t pieces = panels * token_pieces;
  backend.pool.parallel_for(pieces, small ? pieces : 1, [&](int64_t begin, int64_t end) {
    const int64_t scale_bytes = kTile * x.blocks * 4;
    auto* memory = thread_scratch<PanelScratch>().get<std::byte>(kTile * p.w.columns + scale_bytes);
    auto* scales = reinterpret_cast<float*>(memory);
    auto* panel = reinterpret_cast<uint8_t*>(memory + scale_bytes);
    for (int64_t piece = begin; piece < end; ++piece) {
      const int64_t o = piece % panels * kTile, outputs = std::min(kTile, p.w.rows - o);
      const int64_t first = piece / panels * per_piece, last = std::min(tokens, first + per_piece);
      if (first >= last) continue;
      pack_panel(backend, p.w, o, outputs, panel, scales);
      panel_product(backend, x, p, o, outputs, first, last, panel, scales);
    }
  });
  return true;
}

}  // namespace hone::cpu
