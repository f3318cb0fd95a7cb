#include "ops/short_convolution.h"

#include "backend/backend.h"

namespace hone {
namespace {

void short_convolution(Backend&, const ops::ShortConvolution& op) {
  const int64_t d = op.y.columns, width = op.w.columns;
  for (int64_t t = 0; t < op.y.rows; ++t) {
    const float* row = op.input.row<float>(t);
    const int64_t now = op.past + t, begin = *op.key_begin.row<int32_t>(t);
    for (int64_t i = 0; i < d; ++i) {
      op.history.row<float>(now)[i] = row[i] * row[2 * d + i];
      double sum = 0;
      for (int64_t j = 0; j < width; ++j) {
        const int64_t from = now - width + 1 + j;
        if (from < 0 || from < begin) continue;
        sum += static_cast<double>(op.w.row<float>(i)[j]) * op.history.row<float>(from)[i];
      }
      op.y.row<float>(t)[i] = static_cast<float>(row[d + i] * sum);
    }
  }
}

void short_convolution_backward(Backend&, const ops::ShortConvolutionBackward& op) {
  const int64_t tokens = op.dy.rows, d = op.dy.columns, width = op.w.columns;
  for (int64_t t = 0; t < tokens; ++t) {
    const float* row = op.input.row<float>(t);
    float* gradient = op.dinput.row<float>(t);
    const int64_t begin = *op.key_begin.row<int32_t>(t);
    for (int64_t i = 0; i < d; ++i) {
      double sum = 0, dz = 0;
      for (int64_t j = 0; j < width; ++j) {
        const double w = op.w.row<float>(i)[j];
        const int64_t from = t - width + 1 + j, to = t + width - 1 - j;
        if (from >= 0 && from >= begin) sum += w * op.history.row<float>(from)[i];
        if (to >= tokens || t < *op.key_begin.row<int32_t>(to)) continue;
        dz += w * op.dy.row<float>(to)[i] * op.input.row<float>(to)[d + i];
      }
      gradient[i] = static_cast<float>(dz * row[2 * d + i]);
      gradient[d + i] = static_cast<float>(op.dy.row<float>(t)[i] * sum);
      gradient[2 * d + i] = static_cast<float>(dz * row[i]);
    }
  }
}

const Kernel<ops::ShortConvolution> forward_kernel(BackendKind::reference, short_convolution);
const Kernel<ops::ShortConvolutionBackward> backward_kernel(BackendKind::reference, short_convolution_backward);

}  // namespace
}  // namespace hone
