#include "ops/adamw.h"

#include "backend/backend.h"

#include <cmath>

namespace hone {
namespace {

void adamw(Backend&, const ops::AdamW& op) {
  const double correction1 = 1 - std::pow(static_cast<double>(op.beta1), static_cast<double>(op.step));
  const double correction2 = 1 - std::pow(static_cast<double>(op.beta2), static_cast<double>(op.step));
  for (int64_t t = 0; t < op.w.rows; ++t) {
    float* w = op.w.row<float>(t);
    float* m = op.m.row<float>(t);
    float* v = op.v.row<float>(t);
    for (int64_t i = 0; i < op.w.columns; ++i) {
      const double g = static_cast<double>(op.gradient_scale) * op.gradient.row<float>(t)[i];
      m[i] = static_cast<float>(op.beta1 * static_cast<double>(m[i]) + (1.0 - op.beta1) * g);
      v[i] = static_cast<float>(op.beta2 * static_cast<double>(v[i]) + (1.0 - op.beta2) * g * g);
      const double decayed = w[i] * (1.0 - static_cast<double>(op.learning_rate) * op.weight_decay);
      w[i] = static_cast<float>(decayed - op.learning_rate * (m[i] / correction1) /
                                              (std::sqrt(v[i] / correction2) + op.epsilon));
    }
  }
}

void sum_squares(Backend&, const ops::SumSquares& op) {
  double sum = 0;
  for (int64_t t = 0; t < op.x.rows; ++t) {
    for (int64_t i = 0; i < op.x.columns; ++i) {
      const double x = op.x.row<float>(t)[i];
      sum += x * x;
    }
  }
  *op.out.row<double>() += sum;
}

const Kernel<ops::AdamW> adamw_kernel(BackendKind::reference, adamw);
const Kernel<ops::SumSquares> sum_kernel(BackendKind::reference, sum_squares);

}  // namespace
}  // namespace hone
