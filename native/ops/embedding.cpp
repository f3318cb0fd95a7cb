#include "ops/embedding.h"

#include "ops/checks.h"

namespace hone::ops {

void Embedding::check() const {
  ensure(is_weight(table), "embedding: table is not a whole weight matrix inside its buffer");
  ensure(is_i32(ids) && has_shape(ids, y.rows, 1), "embedding: ids is not [T, 1] int32");
  ensure(is_f32(y) && y.columns == table.columns, "embedding: y is not [T, D] float32 for table [V, D]");
}

void EmbeddingBackward::check() const {
  ensure(is_f32(dtable) && is_f32(dy), "embedding_backward: dtable and dy must be float32 views");
  ensure(is_i32(ids) && has_shape(ids, dy.rows, 1), "embedding_backward: ids is not [T, 1] int32");
  ensure(dy.columns == dtable.columns, "embedding_backward: dy [T, D] and dtable [V, D] differ in width");
}

}  // namespace hone::ops
