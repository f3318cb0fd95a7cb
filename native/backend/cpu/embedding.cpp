#include "ops/embedding.h"

#include "backend/cpu/weight_view.h"

#include <algorithm>

namespace hone::cpu {
namespace {

void embedding(Backend& any, const ops::Embedding& op) {
  CpuBackend& backend = cpu_of(any);
  const WeightView table(backend.simd, op.table);
  backend.pool.parallel_for(op.y.rows, row_grain(op.y.columns * 2), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int32_t id = *op.ids.row<int32_t>(t);
      ensure(id >= 0 && id < op.table.rows, "embedding: an id lies outside the table");
      float* y = op.y.row<float>(t);
      const float* row = table.weights(id, 0, op.y.columns, y);
      if (row != y) std::copy_n(row, op.y.columns, y);
      if (op.scale != 1) backend.simd.rows.scale(y, op.scale, op.y.columns);
    }
  });
}

void embedding_backward(Backend& any, const ops::EmbeddingBackward& op) {
  CpuBackend& backend = cpu_of(any);
  for (int64_t t = 0; t < op.dy.rows; ++t) {
    const int32_t id = *op.ids.row<int32_t>(t);
    ensure(id >= 0 && id < op.dtable.rows, "embedding_backward: an id lies outside the table");
    backend.simd.rows.add_scaled(op.dtable.row<float>(id), op.dy.row<float>(t), op.scale, op.dy.columns);
  }
}

const Kernel<ops::Embedding> forward_kernel(BackendKind::cpu, embedding);
const Kernel<ops::EmbeddingBackward> backward_kernel(BackendKind::cpu, embedding_backward);

}  // namespace
}  // namespace hone::cpu
