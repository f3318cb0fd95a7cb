#include "ops/short_convolution.h"

#include "backend/cpu/backend.h"

#include <algorithm>

namespace hone::cpu {
namespace {

/// Taps of w that reach a token which may be seen: from < 0 and tokens before `begin` are left out.
int64_t first_tap(int64_t now, int64_t width, int64_t begin) {
  return std::max<int64_t>(0, std::max<int64_t>(begin, 0) - (now - width + 1));
}

/// Channels are the inner loop throughout; w [D, K] is read with stride K, which is 3 or 4 in practice.
void short_convolution(Backend& any, const ops::ShortConvolution& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t tokens = op.y.rows, d = op.y.columns, width = op.w.columns;
  const int64_t grain = row_grain(d * (width + 2));
  backend.pool.parallel_for(tokens, grain, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float* b = op.input.row<float>(t);
      const float* x = b + 2 * d;
      float* z = op.history.row<float>(op.past + t);
      for (int64_t i = 0; i < d; ++i) z[i] = b[i] * x[i];
    }
  });
  backend.pool.parallel_for(tokens, grain, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t now = op.past + t;
      const float* c = op.input.row<float>(t) + d;
      float* y = op.y.row<float>(t);
      std::fill_n(y, d, 0.0f);
      for (int64_t j = first_tap(now, width, *op.key_begin.row<int32_t>(t)); j < width; ++j) {
        const float* z = op.history.row<float>(now - width + 1 + j);
        for (int64_t i = 0; i < d; ++i) y[i] += op.w.row<float>(i)[j] * z[i];
      }
      for (int64_t i = 0; i < d; ++i) y[i] *= c[i];
    }
  });
}

void short_convolution_backward(Backend& any, const ops::ShortConvolutionBackward& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t tokens = op.dy.rows, d = op.dy.columns, width = op.w.columns;
  backend.pool.parallel_for(tokens, row_grain(d * (2 * width + 3)), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float* dy = op.dy.row<float>(t);
      const float* b = op.input.row<float>(t);
      const float* x = b + 2 * d;
      float* db = op.dinput.row<float>(t);
      float* dc = db + d;
      float* dx = db + 2 * d;
      std::fill_n(dc, d, 0.0f);
      for (int64_t j = first_tap(t, width, *op.key_begin.row<int32_t>(t)); j < width; ++j) {
        const float* z = op.history.row<float>(t - width + 1 + j);
        for (int64_t i = 0; i < d; ++i) dc[i] += op.w.row<float>(i)[j] * z[i];
      }
      for (int64_t i = 0; i < d; ++i) dc[i] *= dy[i];

      std::fill_n(dx, d, 0.0f);  // dz
      for (int64_t j = 0; j < width; ++j) {
        const int64_t to = t + width - 1 - j;
        if (to >= tokens || t < *op.key_begin.row<int32_t>(to)) continue;
        const float* later = op.dy.row<float>(to);
        const float* c = op.input.row<float>(to) + d;
        for (int64_t i = 0; i < d; ++i) dx[i] += op.w.row<float>(i)[j] * later[i] * c[i];
      }
      for (int64_t i = 0; i < d; ++i) {
        db[i] = dx[i] * x[i];
        dx[i] *= b[i];
      }
    }
  });
}

const Kernel<ops::ShortConvolution> forward_kernel(BackendKind::cpu, short_convolution);
const Kernel<ops::ShortConvolutionBackward> backward_kernel(BackendKind::cpu, short_convolution_backward);

}  // namespace
}  // namespace hone::cpu
