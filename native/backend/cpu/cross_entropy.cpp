#include "ops/cross_entropy.h"

#include "backend/cpu/byte_product.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/scratch_forecast.h"
#include "backend/cpu/weight_view.h"

#include <algorithm>
#include <cmath>

namespace hone::cpu {
namespace {

/// One row of logits becomes weight * (softmax - onehot); its loss and hit are stored.
void finish_row(const RowKernels& rows, const ops::CrossEntropy& op, int64_t n, float* z) {
  const int64_t vocabulary = op.w.rows, target = *op.targets.row<int32_t>(n);
  ensure(target >= 0 && target < vocabulary, "cross_entropy: a target lies outside the vocabulary");
  const float largest = rows.largest(z, vocabulary), of_target = z[target];
  if (op.correct) *op.correct.row<int32_t>(n) = std::find(z, z + vocabulary, largest) - z == target;

  // Pieces keep the float32 lanes of a sum short; the pieces are added in double.
  constexpr int64_t kPiece = 4096;
  double total = 0;
  for (int64_t v = 0; v < vocabulary; v += kPiece) {
    total += rows.exponentials(z + v, largest, std::min(kPiece, vocabulary - v));
  }
  *op.loss.row<float>(n) = static_cast<float>(static_cast<double>(largest) + std::log(total) - of_target);
  if (!op.dh && !op.dw) return;
  const float weight = *op.weights.row<float>(n);
  rows.scale(z, static_cast<float>(weight / total), vocabulary);
  z[target] -= weight;
}

void cross_entropy(Backend& any, const ops::CrossEntropy& op) {
  CpuBackend& backend = cpu_of(any);
  const int64_t vocabulary = op.w.rows, width = op.w.columns;
  const WeightView w(backend.simd, op.w);
  const PackPanel transposed = w.pack_transposed(), straight = w.pack_straight();
  const int64_t chunk = logit_rows(op.h.rows, vocabulary);
  float* z = backend.values.get<float>(chunk * vocabulary);

  for (int64_t n0 = 0; n0 < op.h.rows; n0 += chunk) {
    const int64_t count = std::min(chunk, op.h.rows - n0);
    const float* h = op.h.row<float>(n0);
    const bool fine = op.activations == ops::Activations::fine;
    if (!fine || !byte_product(backend, {h, op.h.stride, count, op.w, z, vocabulary, false})) {
      gemm(backend, count, vocabulary, width, {h, op.h.stride, 1}, transposed, kTileColumns, z, vocabulary, false);
    }
    backend.pool.parallel_for(count, row_grain(vocabulary * 2), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) finish_row(backend.simd.rows, op, n0 + n, z + n * vocabulary);
    });
    if (op.dh) {
      gemm(backend, count, width, vocabulary, {z, vocabulary, 1}, straight, w.granule(), op.dh.row<float>(n0),
           op.dh.stride, false);
    }
    if (op.dw) {
      gemm(backend, vocabulary, width, count, {z, 1, vocabulary}, pack_rows(h, op.h.stride), kTileColumns,
           op.dw.row<float>(), op.dw.stride, true);
    }
  }
}

const Kernel<ops::CrossEntropy> kernel(BackendKind::cpu, cross_entropy);

}  // namespace
}  // namespace hone::cpu
