#include "ops/linear.h"

#include "backend/backend.h"
#include "backend/weight_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hone {
namespace {

/// The row as BitNet models see it: integers times absmax / 127. The integers are found in float32, as in training.
void round_row(std::vector<double>& x) {
  float absmax = 0;
  for (const double value : x) absmax = std::max(absmax, std::fabs(static_cast<float>(value)));
  absmax = std::max(absmax, 1e-5f);
  const float to_integer = 127.0f / absmax;
  const double step = static_cast<double>(absmax) / 127.0;
  for (double& value : x) {
    value = std::clamp(std::nearbyintf(static_cast<float>(value) * to_integer), -128.0f, 127.0f) * step;
  }
}

void linear(Backend&, const ops::Linear& op) {
  const int64_t in = op.w.columns;
  std::vector<float> weights(in);
  std::vector<std::vector<double>> inputs(op.x.rows);
  for (int64_t t = 0; t < op.x.rows; ++t) {
    const float* x = op.x.row<float>(t);
    inputs[t].assign(x, x + in);
    if (op.activations == ops::Activations::rounded) round_row(inputs[t]);
  }
  for (int64_t o = 0; o < op.w.rows; ++o) {
    decode_weight_row(op.w, o, weights.data());
    for (int64_t t = 0; t < op.x.rows; ++t) {
      double sum = 0;
      for (int64_t i = 0; i < in; ++i) sum += inputs[t][i] * weights[i];
      float& y = op.y.row<float>(t)[o];
      y = static_cast<float>(op.accumulate ? y + sum : sum);
    }
  }
}

void linear_backward(Backend&, const ops::LinearBackward& op) {
  const int64_t in = op.w.columns;
  std::vector<float> weights(in);
  std::vector<double> sums(op.dx.rows * in);
  for (int64_t o = 0; o < op.w.rows; ++o) {
    decode_weight_row(op.w, o, weights.data());
    for (int64_t t = 0; t < op.dx.rows; ++t) {
      const double dy = op.dy.row<float>(t)[o];
      for (int64_t i = 0; i < in; ++i) sums[t * in + i] += dy * weights[i];
    }
  }
  for (int64_t t = 0; t < op.dx.rows; ++t) {
    float* dx = op.dx.row<float>(t);
    for (int64_t i = 0; i < in; ++i) {
      dx[i] = static_cast<float>(op.accumulate ? dx[i] + sums[t * in + i] : sums[t * in + i]);
    }
  }
}

void linear_weight_gradient(Backend&, const ops::LinearWeightGradient& op) {
  for (int64_t o = 0; o < op.dw.rows; ++o) {
    for (int64_t i = 0; i < op.dw.columns; ++i) {
      double sum = 0;
      for (int64_t t = 0; t < op.x.rows; ++t) {
        sum += static_cast<double>(op.dy.row<float>(t)[o]) * op.x.row<float>(t)[i];
      }
      float& dw = op.dw.row<float>(o)[i];
      dw = static_cast<float>(dw + sum);
    }
  }
}

const Kernel<ops::Linear> linear_kernel(BackendKind::reference, linear);
const Kernel<ops::LinearBackward> backward_kernel(BackendKind::reference, linear_backward);
const Kernel<ops::LinearWeightGradient> gradient_kernel(BackendKind::reference, linear_weight_gradient);

}  // namespace
}  // namespace hone
