#include "ops/linear.h"

#include "backend/cpu/byte_product.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/ternary.h"
#include "backend/cpu/weight_view.h"

#include <algorithm>

namespace hone::cpu {
namespace {

struct RowScratch;

/// Below this many tokens a product is one dot per output: unpacking into panels would cost more.
constexpr int64_t kFewTokens = 5;

void few_tokens(CpuBackend& backend, const float* x, int64_t stride, const ops::Linear& op) {
  const Tensor& w = op.w;
  const WeightView view(backend.simd, w);
  backend.pool.parallel_for(w.rows, row_grain(w.columns / 4), [&](int64_t begin, int64_t end) {
    float* scratch = thread_scratch<RowScratch>().get<float>(w.columns);
    for (int64_t o = begin; o < end; ++o) {
      // A row is read as it is stored where there is a loop for its type, so that the bits of one token do not depend on
      // the others; where there is none they share its unpacking.
      const float* row = op.x.rows == 1 || view.has_dot() ? nullptr : view.weights(o, 0, w.columns, scratch);
      for (int64_t t = 0; t < op.x.rows; ++t) {
        float& out = op.y.row<float>(t)[o];
        const float* input = x + t * stride;
        const float sum = row ? backend.simd.rows.dot(row, input, w.columns) : view.dot(o, input, scratch);
        out = op.accumulate ? out + sum : sum;
      }
    }
  });
}

/// Ternary matrices without rounding: nobody trains or talks that way, it exists for checking. So it sums in double,
/// which keeps three steps of AdamW within 1e-3 even where a gradient is small enough for rounding to turn its sign.
void checking_product(CpuBackend& backend, const ops::Linear& op) {
  const WeightView view(backend.simd, op.w);
  backend.pool.parallel_for(op.w.rows, row_grain(op.w.columns), [&](int64_t begin, int64_t end) {
    float* scratch = thread_scratch<RowScratch>().get<float>(op.w.columns);
    for (int64_t o = begin; o < end; ++o) {
      const float* row = view.weights(o, 0, op.w.columns, scratch);
      for (int64_t t = 0; t < op.x.rows; ++t) {
        const float* input = op.x.row<float>(t);
        double sum = 0;
        for (int64_t i = 0; i < op.w.columns; ++i) sum += static_cast<double>(row[i]) * input[i];
        float& out = op.y.row<float>(t)[o];
        out = static_cast<float>(op.accumulate ? out + sum : sum);
      }
    }
  });
}

/// Every row of x rounded to 8 bits and back, for matrices that have no integer product.
void round_rows(CpuBackend& backend, const Tensor& x, float* copy) {
  const auto& simd = backend.simd;
  backend.pool.parallel_for(x.rows, row_grain(x.columns), [&](int64_t begin, int64_t end) {
    int8_t* q = thread_scratch<RowScratch>().get<int8_t>(x.columns);
    for (int64_t t = begin; t < end; ++t) {
      const float step = round_row(simd, x.row<float>(t), q, x.columns);
      for (int64_t i = 0; i < x.columns; ++i) copy[t * x.columns + i] = static_cast<float>(q[i]) * step;
    }
  });
}

void linear(Backend& any, const ops::Linear& op) {
  CpuBackend& backend = cpu_of(any);
  if (op.x.rows == 0) return;
  const float* x = op.x.row<float>();
  int64_t stride = op.x.stride;
  if (op.activations == ops::Activations::rounded) {
    if (is_ternary(op.w.dtype)) return ternary_linear(backend, op);
    float* copy = backend.inputs.get<float>(op.x.elements());
    round_rows(backend, op.x, copy);
    x = copy;
    stride = op.x.columns;
  } else if (is_ternary(op.w.dtype)) {
    return checking_product(backend, op);
  } else if (op.activations == ops::Activations::fine &&
             byte_product(backend, {x, stride, op.x.rows, op.w, op.y.row<float>(), op.y.stride, op.accumulate})) {
    return;
  }
  if (op.x.rows < kFewTokens) return few_tokens(backend, x, stride, op);
  const WeightView view(backend.simd, op.w);
  gemm(backend, op.x.rows, op.w.rows, op.w.columns, {x, stride, 1}, view.pack_transposed(), kTileColumns,
       op.y.row<float>(), op.y.stride, op.accumulate);
}

void linear_backward(Backend& any, const ops::LinearBackward& op) {
  const bool rounded = op.activations == ops::Activations::rounded && is_ternary(op.w.dtype);
  if (rounded && ternary_linear_backward(cpu_of(any), op)) return;
  const WeightView view(cpu_of(any).simd, op.w);
  gemm(cpu_of(any), op.dy.rows, op.w.columns, op.w.rows, {op.dy.row<float>(), op.dy.stride, 1}, view.pack_straight(),
       view.granule(), op.dx.row<float>(), op.dx.stride, op.accumulate);
}

void linear_weight_gradient(Backend& any, const ops::LinearWeightGradient& op) {
  gemm(cpu_of(any), op.dw.rows, op.dw.columns, op.x.rows, {op.dy.row<float>(), 1, op.dy.stride},
       pack_rows(op.x.row<float>(), op.x.stride), kTileColumns, op.dw.row<float>(), op.dw.stride, true);
}

const Kernel<ops::Linear> linear_kernel(BackendKind::cpu, linear);
const Kernel<ops::LinearBackward> backward_kernel(BackendKind::cpu, linear_backward);
const Kernel<ops::LinearWeightGradient> gradient_kernel(BackendKind::cpu, linear_weight_gradient);

}  // namespace
}  // namespace hone::cpu
