#include "ops/rms_norm.h"

#include "backend/cpu/backend.h"

#include <algorithm>
#include <cmath>

namespace hone::cpu {
namespace {

double inverse_norm(const RowKernels& rows, const float* x, int64_t n, float epsilon) {
  return 1 / std::sqrt(rows.sum_squares(x, n) / static_cast<double>(n) + epsilon);
}

void rms_norm(Backend& any, const ops::RmsNorm& op) {
  CpuBackend& backend = cpu_of(any);
  const RowKernels& rows = backend.simd.rows;
  const int64_t n = op.x.columns;
  backend.pool.parallel_for(op.x.rows, row_grain(n), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float* x = op.x.row<float>(t);
      const auto rho = static_cast<float>(inverse_norm(rows, x, n, op.epsilon));
      rows.normalise(op.y.row<float>(t), x, op.w.row<float>(), rho, n);
    }
  });
}

/// dw by columns, so that every element adds its rows in one order; ρ of every row comes from the first pass.
void weight_gradient(CpuBackend& backend, const ops::RmsNormBackward& op, const float* rhos) {
  const int64_t n = op.x.columns;
  backend.pool.parallel_for(n, row_grain(op.x.rows), [&](int64_t begin, int64_t end) {
    float* dw = op.dw.row<float>();
    for (int64_t t = 0; t < op.x.rows; ++t) {
      const float* x = op.x.row<float>(t);
      const float* dy = op.dy.row<float>(t);
      for (int64_t i = begin; i < end; ++i) dw[i] += dy[i] * (x[i] * rhos[t]);
    }
  });
}

void rms_norm_backward(Backend& any, const ops::RmsNormBackward& op) {
  CpuBackend& backend = cpu_of(any);
  const RowKernels& rows = backend.simd.rows;
  const int64_t n = op.x.columns;
  const float* w = op.w.row<float>();
  float* rhos = backend.values.get<float>(op.x.rows);
  backend.pool.parallel_for(op.x.rows, row_grain(n), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      rhos[t] = static_cast<float>(inverse_norm(rows, op.x.row<float>(t), n, op.epsilon));
    }
  });
  if (op.dw) weight_gradient(backend, op, rhos);  // before dx, which may be the view of dy
  backend.pool.parallel_for(op.x.rows, row_grain(n), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float* x = op.x.row<float>(t);
      const float* dy = op.dy.row<float>(t);
      const double rho = rhos[t];
      const double pull = rho * rho * rows.dot3(dy, w, x, n) / static_cast<double>(n);
      rows.normalise_backward(op.dx.row<float>(t), x, w, dy, rhos[t], static_cast<float>(pull), op.accumulate, n);
    }
  });
}

const Kernel<ops::RmsNorm> norm_kernel(BackendKind::cpu, rms_norm);
const Kernel<ops::RmsNormBackward> backward_kernel(BackendKind::cpu, rms_norm_backward);

}  // namespace
}  // namespace hone::cpu
