#include "ops/elementwise.h"

#include "backend/backend.h"
#include "quant/codec.h"

#include <algorithm>

namespace hone {
namespace {

void add(Backend&, const ops::Add& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) {
    for (int64_t i = 0; i < op.y.columns; ++i) op.y.row<float>(t)[i] += op.x.row<float>(t)[i];
  }
}

void copy(Backend&, const ops::Copy& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) {
    encode_row(op.y.dtype, op.x.row<float>(t), op.y.data() + matrix_bytes(op.y.dtype, t, op.y.stride), op.y.columns);
  }
}

void fill(Backend&, const ops::Fill& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) std::fill_n(op.y.row<float>(t), op.y.columns, op.value);
}

void scale_bias(Backend&, const ops::ScaleBias& op) {
  const float scale = op.scale ? *op.scale.row<float>() : 1;
  for (int64_t t = 0; t < op.y.rows; ++t) {
    float* y = op.y.row<float>(t);
    for (int64_t i = 0; i < op.y.columns; ++i) y[i] = y[i] * scale + (op.bias ? op.bias.row<float>()[i] : 0);
  }
}

const Kernel<ops::Add> add_kernel(BackendKind::reference, add);
const Kernel<ops::Copy> copy_kernel(BackendKind::reference, copy);
const Kernel<ops::Fill> fill_kernel(BackendKind::reference, fill);
const Kernel<ops::ScaleBias> scale_bias_kernel(BackendKind::reference, scale_bias);

}  // namespace
}  // namespace hone
