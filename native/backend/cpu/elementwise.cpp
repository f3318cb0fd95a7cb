#include "ops/elementwise.h"

#include "backend/cpu/backend.h"
#include "quant/codec.h"

#include <algorithm>

namespace hone::cpu {
namespace {

/// Calls body(row) for every row of y.
template <class Body>
void each_row(CpuBackend& backend, const Tensor& y, const Body& body) {
  backend.pool.parallel_for(y.rows, row_grain(y.columns / 2), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) body(t);
  });
}

void add(Backend& any, const ops::Add& op) {
  CpuBackend& backend = cpu_of(any);
  each_row(backend, op.y,
           [&](int64_t t) { backend.simd.rows.add(op.y.row<float>(t), op.x.row<float>(t), op.y.columns); });
}

void copy(Backend& any, const ops::Copy& op) {
  if (op.y.dtype == DType::F32) {
    each_row(cpu_of(any), op.y, [&](int64_t t) { std::copy_n(op.x.row<float>(t), op.y.columns, op.y.row<float>(t)); });
    return;
  }
  each_row(cpu_of(any), op.y, [&](int64_t t) {
    encode_row(op.y.dtype, op.x.row<float>(t), op.y.data() + matrix_bytes(op.y.dtype, t, op.y.stride), op.y.columns);
  });
}

void fill(Backend& any, const ops::Fill& op) {
  each_row(cpu_of(any), op.y, [&](int64_t t) { std::fill_n(op.y.row<float>(t), op.y.columns, op.value); });
}

void scale_bias(Backend& any, const ops::ScaleBias& op) {
  CpuBackend& backend = cpu_of(any);
  const float scale = op.scale ? *op.scale.row<float>() : 1;
  const float* bias = op.bias ? op.bias.row<float>() : nullptr;
  each_row(backend, op.y,
           [&](int64_t t) { backend.simd.rows.scale_bias(op.y.row<float>(t), scale, bias, op.y.columns); });
}

const Kernel<ops::Add> add_kernel(BackendKind::cpu, add);
const Kernel<ops::Copy> copy_kernel(BackendKind::cpu, copy);
const Kernel<ops::Fill> fill_kernel(BackendKind::cpu, fill);
const Kernel<ops::ScaleBias> scale_bias_kernel(BackendKind::cpu, scale_bias);

}  // namespace
}  // namespace hone::cpu
