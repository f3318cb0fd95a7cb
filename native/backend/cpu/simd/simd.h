#pragma once

#include "core/dtype.h"
#include "ops/gated_activation.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// The loops of the CPU backend that depend on the instruction set. One table of functions per set; the backend
/// takes one at start (`choose_simd`) and never asks again. Everything above works on any machine.
namespace hone::cpu {

inline constexpr int kMaxTileRows = 12;  ///< rows of the tallest product tile of any set
inline constexpr int kTileColumns = 16;  ///< columns of a product tile, and of a packed panel
inline constexpr int kTernaryBlock = 256;

/// Tiles of float32 products.
struct MatrixKernels {
  int tile_rows;  ///< at most kMaxTileRows: as many as the registers hold
  /// c[m, n] (+)= Σ_k a[m, k] b[k, n] for m <= tile_rows, n <= kTileColumns; k is summed in ascending order.
  /// a at (i, k) is a[i * a_row + k * a_step]; b at (k, j) is b[k * b_step + j], readable up to 8 or 16 columns.
  void (*tile)(int m, int n, int64_t k, const float* a, int64_t a_row, int64_t a_step, const float* b, int64_t b_step,
               float* c, int64_t c_row, bool accumulate);
  /// panel[k][16] = rows[j][k] for 16 rows that lie `stride` floats apart.
  void (*transpose16)(const float* rows, int64_t stride, int64_t k, float* panel);
};

/// Loops along one row of floats. Sums are taken in a fixed order of lanes.
struct RowKernels {
  double (*sum_squares)(const float* x, int64_t n);
  double (*dot3)(const float* a, const float* b, const float* c, int64_t n);  ///< Σ a b c
  float (*dot)(const float* a, const float* b, int64_t n);
  float (*largest)(const float* x, int64_t n);
  float (*largest_magnitude)(const float* x, int64_t n);
  /// x = exp(x - shift); returns the sum. n small enough for float32 lanes to be exact to about 1e-6.
  float (*exponentials)(float* x, float shift, int64_t n);
  /// dp = scale * p * (dp - correction): the softmax backwards.
  void (*softmax_backward)(float* dp, const float* p, float correction, float scale, int64_t n);
  void (*scale)(float* x, float factor, int64_t n);
  void (*add)(float* y, const float* x, int64_t n);
  void (*add_scaled)(float* y, const float* x, float factor, int64_t n);
  void (*scale_bias)(float* y, float factor, const float* bias, int64_t n);  ///< bias may be null
  void (*normalise)(float* y, const float* x, const float* w, float rho, int64_t n);
  void (*normalise_backward)(float* dx, const float* x, const float* w, const float* dy, float rho, float pull,
                             bool accumulate, int64_t n);
  void (*gate)(ops::ActivationKind kind, float* y, const float* gate, const float* up, int64_t n);
  void (*gate_backward)(ops::ActivationKind kind, float* dgate, float* dup, const float* gate, const float* up,
                        const float* dy, int64_t n);
  void (*rotate_halves)(float* first, float* second, const float* cosine, const float* sine, float sign, int64_t n);
  void (*rotate_pairs)(float* x, const float* cosine, const float* sine, float sign, int64_t n);
  /// 256 high + low = round_half_even(x * to_integer), for values up to 32639.
  void (*split)(const float* x, float to_integer, int8_t* high, int8_t* low, int64_t n);
  struct Moments {
    float beta1, beta2, correction1, correction2, rate, decay, epsilon, gradient_scale;
  };
  void (*adamw)(float* w, const float* g, float* m, float* v, const Moments& moments, int64_t n);
};

/// Products of int8 activations with ternary codes 0, 1, 2 (weight + 1), exact in integers.
struct TernaryKernels {
  /// q = clamp(round_half_even(x * to_integer), -128, 127).
  void (*round)(const float* x, float to_integer, int8_t* q, int64_t n);
  /// Σ q, for n up to 2^24.
  int32_t (*sum)(const int8_t* q, int64_t n);
  /// The 256 codes of one block in the order of its weights.
  void (*unpack_tq2_0)(const std::byte* block, uint8_t* codes);
  void (*unpack_tq1_0)(const std::byte* block, uint8_t* codes);
  /// The 128 codes of an I2_S block.
  void (*unpack_i2_s)(const std::byte* block, uint8_t* codes);
  /// Σ codes · q for n a multiple of 32, at most 256.
  int32_t (*dot_codes)(const uint8_t* codes, const int8_t* q, int64_t n);
  /// Σ_b d_b · (Σ codes · q - sums[b]) over the blocks of a TQ2_0 row, without unpacking it in memory.
  float (*dot_tq2_0)(const std::byte* row, int64_t blocks, const int8_t* q, const int32_t* sums);
  /// panel[k / 4][16][4] = codes[j][k] for 16 rows of n codes (a multiple of 32) that lie `stride` bytes apart.
  void (*interleave16)(const uint8_t* codes, int64_t stride, int64_t n, uint8_t* panel);
  /// panel[j / 16][k / 4][16][4] = codes[k][j] for `depth` rows (a multiple of 4) of `width` codes (one of 32).
  void (*interleave_rows)(const uint8_t* codes, int64_t depth, int64_t width, uint8_t* panel);
  /// c[i][j] += scales[j] * (Σ_k panel[k][j] q[i][k] - sums[i]) for m <= tile_rows rows of q, `q_row` bytes apart, and
  /// n <= 256 weights of 16 columns.
  int tile_rows;  ///< at most kMaxTileRows
  void (*tile)(int m, int64_t n, const int8_t* q, int64_t q_row, const int32_t* sums, int64_t sums_row,
               const uint8_t* panel, const float* scales, float* c);
};

/// Products of inputs in two digits of 8 bits with codes of 8 bits that share a scale per 32 (see byte_product.h).
struct ByteKernels {
  /// Rows of a tile, even, at most kMaxTileRows; 0 where the set has no such products.
  int tile_rows = 0;
  /// Every 32 floats become numbers of 16 bits, x ≈ step · (256 · high + low) with steps of their absmax / 32639.
  /// starts[b] and starts[blocks + b] receive -offset · Σ of the digits, factors 256 · step and step.
  void (*split)(const float* x, int64_t blocks, int32_t offset, int8_t* high, int8_t* low, int32_t* starts,
                float* factors) = nullptr;
  /// c[i][j] = Σ_b scales[b][j] factors[i][b] (starts[i][b] + Σ_k panel[b][k][j] q[i][k]) for m rows, `q_row` bytes
  /// apart, and 16 columns; panel as of `interleave16`.
  void (*tile)(int m, int64_t blocks, const int8_t* q, int64_t q_row, const int32_t* starts, const float* factors,
               const uint8_t* panel, const float* scales, float* c) = nullptr;
};

/// Stored weights as they are: the types worth a loop of their own. `n` is a multiple of the block length.
struct WeightKernels {
  /// Writes n weights from a row of blocks; any type.
  void (*decode)(DType dtype, const std::byte* blocks, float* out, int64_t n);
  /// Σ weights · x. `find_dot` gives null for types without a loop of their own (float32 has RowKernels::dot).
  using Dot = float (*)(const std::byte* blocks, const float* x, int64_t n);
  Dot (*find_dot)(DType dtype);
};

struct Simd {
  std::string_view name;
  MatrixKernels matrix;
  RowKernels rows;
  TernaryKernels ternary;
  WeightKernels weights;
  ByteKernels bytes = {};
};

/// The best set this CPU has, or the one named by HONE_ISA (scalar; avx2, avxvnni, avx512; neon, dotprod, i8mm).
/// Throws Error "backend.isa" when the named one is unknown or the CPU lacks it.
const Simd& choose_simd();

/// Names of the sets that this CPU can run, the plainest first and the best last.
std::vector<std::string_view> present_sets();

}  // namespace hone::cpu
