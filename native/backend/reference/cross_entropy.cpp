#include "ops/cross_entropy.h"

#include "backend/backend.h"
#include "backend/weight_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hone {
namespace {

void cross_entropy(Backend&, const ops::CrossEntropy& op) {
  const int64_t width = op.w.columns, vocabulary = op.w.rows;
  std::vector<float> w(width);
  std::vector<double> z(vocabulary), dh(width);
  for (int64_t n = 0; n < op.h.rows; ++n) {
    const int64_t target = *op.targets.row<int32_t>(n);
    ensure(target >= 0 && target < vocabulary, "cross_entropy: a target lies outside the vocabulary");
    const float* h = op.h.row<float>(n);
    for (int64_t v = 0; v < vocabulary; ++v) {
      decode_weight_row(op.w, v, w.data());
      z[v] = 0;
      for (int64_t i = 0; i < width; ++i) z[v] += static_cast<double>(h[i]) * w[i];
    }
    const auto largest = std::max_element(z.begin(), z.end());
    double total = 0;
    for (const double logit : z) total += std::exp(logit - *largest);
    const double lse = *largest + std::log(total);
    *op.loss.row<float>(n) = static_cast<float>(lse - z[target]);
    if (op.correct) *op.correct.row<int32_t>(n) = largest - z.begin() == target;

    const double weight = *op.weights.row<float>(n);
    std::fill(dh.begin(), dh.end(), 0.0);
    for (int64_t v = 0; v < vocabulary && (op.dh || op.dw); ++v) {
      const double dz = weight * (std::exp(z[v] - lse) - (v == target ? 1 : 0));
      decode_weight_row(op.w, v, w.data());
      for (int64_t i = 0; i < width; ++i) {
        dh[i] += dz * w[i];
        if (op.dw) op.dw.row<float>(v)[i] = static_cast<float>(op.dw.row<float>(v)[i] + dz * h[i]);
      }
    }
    if (op.dh) std::copy(dh.begin(), dh.end(), op.dh.row<float>(n));
  }
}

const Kernel<ops::CrossEntropy> kernel(BackendKind::reference, cross_entropy);

}  // namespace
}  // namespace hone
