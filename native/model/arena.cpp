#include "model/arena.h"

#include "ops/elementwise.h"

namespace hone {

Tensor Arena::make(int64_t rows, int64_t columns, DType dtype) {
  ensure(rows >= 0 && columns >= 0, "a tensor of negative size");
  const size_t size = matrix_bytes(dtype, rows, columns);
  Tensor tensor;
  tensor.buffer = keep(backend_->allocate(size));
  tensor.dtype = dtype;
  tensor.rows = rows;
  tensor.columns = tensor.stride = columns;
  return tensor;
}

Tensor Arena::zeros(int64_t rows, int64_t columns) {
  const Tensor tensor = make(rows, columns);
  backend_->run(ops::Fill{.y = tensor, .value = 0});
  return tensor;
}

Tensor Arena::from(std::span<const float> values, int64_t rows, int64_t columns) {
  ensure(static_cast<int64_t>(values.size()) == rows * columns, "a tensor filled with another number of values");
  const Tensor tensor = make(rows, columns);
  backend_->upload(tensor, values.data());
  return tensor;
}

Buffer* Arena::keep(std::unique_ptr<Buffer> buffer) {
  buffers_.push_back(std::move(buffer));
  bytes_ += buffers_.back()->bytes();
  return buffers_.back().get();
}

}  // namespace hone
