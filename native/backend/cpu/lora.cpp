#include "ops/lora.h"

#include "backend/cpu/gemm.h"
#include "backend/cpu/weight_view.h"
#include "core/random.h"

#include <algorithm>
#include <cmath>

namespace hone::cpu {
namespace {

/// out = in ⊙ mask / (1 - rate), or out += when `add`. Element (t, i) is number t * columns + i of the stream.
/// uniform >= rate is asked of the 24 bits themselves, without branches.
void drop(const ops::Dropout& dropout, int64_t t, int64_t columns, const float* in, float* out, bool add) {
  const auto dropped = static_cast<int32_t>(std::ceil(static_cast<double>(dropout.rate) * 0x1p24));
  const float factors[2] = {0.0f, 1 / (1 - dropout.rate)};
  const auto first = static_cast<uint64_t>(t * columns);
  for (int64_t i = 0; i < columns; ++i) {
    const auto bits = static_cast<int32_t>(random_bits(dropout.key, first + static_cast<uint64_t>(i)) >> 40);
    const float value = in[i] * factors[bits >= dropped];
    out[i] = add ? out[i] + value : value;
  }
}

/// The input of the adapter: x itself, or a copy with dropout in `backend.inputs`.
struct Rows {
  const float* data;
  int64_t stride;
};

Rows adapter_rows(CpuBackend& backend, const Tensor& x, const ops::Dropout& dropout) {
  if (dropout.rate == 0) return {x.row<float>(), x.stride};
  float* dropped = backend.inputs.get<float>(x.elements());
  backend.pool.parallel_for(x.rows, row_grain(x.columns * 6), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      drop(dropout, t, x.columns, x.row<float>(t), dropped + t * x.columns, false);
    }
  });
  return {dropped, x.columns};
}

/// out [rows, columns] = scale * in, contiguous.
void scaled_copy(const Tensor& in, float scale, float* out) {
  for (int64_t t = 0; t < in.rows; ++t) {
    for (int64_t i = 0; i < in.columns; ++i) out[t * in.columns + i] = scale * in.row<float>(t)[i];
  }
}

void lora(Backend& any, const ops::Lora& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t tokens = op.x.rows, rank = op.a.rows;
  const Rows x = adapter_rows(backend, op.x, op.dropout);
  gemm(backend, tokens, rank, op.a.columns, {x.data, x.stride, 1}, WeightView(backend.simd, op.a).pack_transposed(),
       kTileColumns, op.u.row<float>(), op.u.stride, false);
  float* scaled = backend.values.get<float>(tokens * rank);
  scaled_copy(op.u, op.scale, scaled);
  gemm(backend, tokens, op.b.rows, rank, {scaled, rank, 1}, WeightView(backend.simd, op.b).pack_transposed(),
       kTileColumns, op.y.row<float>(), op.y.stride, true);
}

void lora_backward(Backend& any, const ops::LoraBackward& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t tokens = op.x.rows, rank = op.a.rows, in = op.a.columns, out = op.b.rows;
  const bool drops = op.dropout.rate > 0;
  float* du = backend.values.get<float>(tokens * rank + rank * out + (drops && op.dx ? tokens * in : 0));
  float* transposed = du + tokens * rank;
  float* undropped = transposed + rank * out;

  // du = scale * dy * b
  gemm(backend, tokens, rank, out, {op.dy.row<float>(), op.dy.stride, 1},
       pack_rows(op.b.row<float>(), op.b.stride), kTileColumns, du, rank, false);
  backend.simd.rows.scale(du, op.scale, tokens * rank);

  if (op.da) {
    const Rows x = adapter_rows(backend, op.x, op.dropout);
    gemm(backend, rank, in, tokens, {du, 1, rank}, pack_rows(x.data, x.stride), kTileColumns, op.da.row<float>(),
         op.da.stride, true);
  }
  if (op.db) {
    // As (uᵀ dy)ᵀ: the long side of the result then lies along the vectors.
    gemm(backend, rank, out, tokens, {op.u.row<float>(), 1, op.u.stride}, pack_rows(op.dy.row<float>(), op.dy.stride),
         kTileColumns, transposed, out, false);
    for (int64_t o = 0; o < out; ++o) {
      float* db = op.db.row<float>(o);
      for (int64_t r = 0; r < rank; ++r) db[r] += op.scale * transposed[r * out + o];
    }
  }
  if (op.dx) {
    const PackPanel a = pack_rows(op.a.row<float>(), op.a.stride);
    if (!drops) {
      gemm(backend, tokens, in, rank, {du, rank, 1}, a, kTileColumns, op.dx.row<float>(), op.dx.stride, true);
      return;
    }
    gemm(backend, tokens, in, rank, {du, rank, 1}, a, kTileColumns, undropped, in, false);
    backend.pool.parallel_for(tokens, row_grain(in * 6), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) drop(op.dropout, t, in, undropped + t * in, op.dx.row<float>(t), true);
    });
  }
}

const Kernel<ops::Lora> lora_kernel(BackendKind::cpu, lora);
const Kernel<ops::LoraBackward> backward_kernel(BackendKind::cpu, lora_backward);

}  // namespace
}  // namespace hone::cpu
