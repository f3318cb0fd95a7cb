#include "ops/lora.h"

#include "backend/cpu/gemm.h"
#include "backend/cpu/weight_view.h"
#include "core/random.h"

#include <algorithm>

namespace hone::cpu {
namespace {

/// out = in ⊙ mask / (1 - rate), or out += when `add`. Element (t, i) is number t * columns + i of the stream.
void drop(const ops::Dropout& dropout, int64_t t, int64_t columns, const float* in, float* out, bool add) {
  const float keep = 1 / (1 - dropout.rate);
  const auto first = static_cast<uint64_t>(t * columns);
  for (int64_t i = 0; i < columns; ++i) {
    const bool kept = random_uniform(dropout.key, first + static_cast<uint64_t>(i)) >= dropout.rate;
    const float value = kept ? in[i] * keep : 0.0f;
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
  float* du = backend.values.get<float>(2 * tokens * rank + (drops && op.dx ? tokens * in : 0));
  float* scaled_u = du + tokens * rank;
  float* undropped = scaled_u + tokens * rank;

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
    scaled_copy(op.u, op.scale, scaled_u);
    gemm(backend, out, rank, tokens, {op.dy.row<float>(), 1, op.dy.stride}, pack_rows(scaled_u, rank), kTileColumns,
         op.db.row<float>(), op.db.stride, true);
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
