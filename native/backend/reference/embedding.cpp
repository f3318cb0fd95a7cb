#include "ops/embedding.h"

#include "backend/backend.h"
#include "backend/weight_rows.h"

namespace hone {
namespace {

void embedding(Backend&, const ops::Embedding& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) {
    const int32_t id = *op.ids.row<int32_t>(t);
    ensure(id >= 0 && id < op.table.rows, "embedding: an id lies outside the table");
    float* y = op.y.row<float>(t);
    decode_weight_row(op.table, id, y);
    for (int64_t i = 0; i < op.y.columns; ++i) y[i] *= op.scale;
  }
}

void embedding_backward(Backend&, const ops::EmbeddingBackward& op) {
  for (int64_t t = 0; t < op.dy.rows; ++t) {
    const int32_t id = *op.ids.row<int32_t>(t);
    ensure(id >= 0 && id < op.dtable.rows, "embedding_backward: an id lies outside the table");
    const float* dy = op.dy.row<float>(t);
    float* row = op.dtable.row<float>(id);
    for (int64_t i = 0; i < op.dy.columns; ++i) row[i] += op.scale * dy[i];
  }
}

const Kernel<ops::Embedding> forward_kernel(BackendKind::reference, embedding);
const Kernel<ops::EmbeddingBackward> backward_kernel(BackendKind::reference, embedding_backward);

}  // namespace
}  // namespace hone
