#include "ops/adamw.h"

#include "backend/cpu/backend.h"

#include <cmath>

namespace hone::cpu {
namespace {

void adamw(Backend& any, const ops::AdamW& op) {
  CpuBackend& backend = cpu_of(any);
  const double correction1 = 1 - std::pow(static_cast<double>(op.beta1), static_cast<double>(op.step));
  const double correction2 = 1 - std::pow(static_cast<double>(op.beta2), static_cast<double>(op.step));
  const RowKernels::Moments moments{
      op.beta1,
      op.beta2,
      static_cast<float>(1 / correction1),
      static_cast<float>(1 / correction2),
      op.learning_rate,
      static_cast<float>(1.0 - static_cast<double>(op.learning_rate) * op.weight_decay),
      op.epsilon,
      op.gradient_scale};
  backend.pool.parallel_for(op.w.rows, row_grain(op.w.columns * 4), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      backend.simd.rows.adamw(op.w.row<float>(r), op.gradient.row<float>(r), op.m.row<float>(r), op.v.row<float>(r),
                              moments, op.w.columns);
    }
  });
}

void sum_squares(Backend& any, const ops::SumSquares& op) {
  CpuBackend& backend = cpu_of(any);
  double* sums = backend.values.get<double>(op.x.rows);
  backend.pool.parallel_for(op.x.rows, row_grain(op.x.columns), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) sums[r] = backend.simd.rows.sum_squares(op.x.row<float>(r), op.x.columns);
  });
  double total = 0;
  for (int64_t r = 0; r < op.x.rows; ++r) total += sums[r];
  *op.out.row<double>() += total;
}

const Kernel<ops::AdamW> adamw_kernel(BackendKind::cpu, adamw);
const Kernel<ops::SumSquares> sum_kernel(BackendKind::cpu, sum_squares);

}  // namespace
}  // namespace hone::cpu
