#include "ops/rms_norm.h"

#include "backend/backend.h"

#include <cmath>
#include <vector>

namespace hone {
namespace {

/// 1 / sqrt(mean(x²) + epsilon).
double inverse_norm(const float* x, int64_t n, float epsilon) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * x[i];
  return 1 / std::sqrt(sum / static_cast<double>(n) + epsilon);
}

void rms_norm(Backend&, const ops::RmsNorm& op) {
  const int64_t n = op.x.columns;
  const float* w = op.w.row<float>();
  for (int64_t t = 0; t < op.x.rows; ++t) {
    const float* x = op.x.row<float>(t);
    float* y = op.y.row<float>(t);
    const double rho = inverse_norm(x, n, op.epsilon);
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<float>(x[i] * rho * w[i]);
  }
}

void rms_norm_backward(Backend&, const ops::RmsNormBackward& op) {
  const int64_t n = op.x.columns;
  const float* w = op.w.row<float>();
  std::vector<double> dw(n);
  for (int64_t t = 0; t < op.x.rows; ++t) {
    const float* x = op.x.row<float>(t);
    const float* dy = op.dy.row<float>(t);
    float* dx = op.dx.row<float>(t);
    const double rho = inverse_norm(x, n, op.epsilon);
    double gx = 0;
    for (int64_t i = 0; i < n; ++i) gx += static_cast<double>(dy[i]) * w[i] * x[i];
    const double pull = rho * rho * gx / static_cast<double>(n);
    for (int64_t i = 0; i < n; ++i) {
      dw[i] += dy[i] * (x[i] * rho);
      const double gradient = rho * (static_cast<double>(dy[i]) * w[i] - x[i] * pull);
      dx[i] = static_cast<float>(op.accumulate ? dx[i] + gradient : gradient);
    }
  }
  if (op.dw) {
    float* out = op.dw.row<float>();
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<float>(out[i] + dw[i]);
  }
}

const Kernel<ops::RmsNorm> norm_kernel(BackendKind::reference, rms_norm);
const Kernel<ops::RmsNormBackward> backward_kernel(BackendKind::reference, rms_norm_backward);

}  // namespace
}  // namespace hone
