#include "ops/linear.h"

#include "ops/checks.h"

namespace hone::ops {

void Linear::check() const {
  ensure(is_f32(x), "linear: x is not a float32 view inside its buffer");
  ensure(is_f32(y), "linear: y is not a float32 view inside its buffer");
  ensure(is_weight(w), "linear: w is not a whole weight matrix inside its buffer");
  ensure(x.columns == w.columns, "linear: x [T, in] and w [out, in] differ in their number of inputs");
  ensure(has_shape(y, x.rows, w.rows), "linear: y is not [T, out] for x [T, in] and w [out, in]");
}

void LinearBackward::check() const {
  ensure(is_f32(dy), "linear_backward: dy is not a float32 view inside its buffer");
  ensure(is_f32(dx), "linear_backward: dx is not a float32 view inside its buffer");
  ensure(is_weight(w), "linear_backward: w is not a whole weight matrix inside its buffer");
  ensure(dy.columns == w.rows, "linear_backward: dy [T, out] and w [out, in] differ in their number of outputs");
  ensure(has_shape(dx, dy.rows, w.columns), "linear_backward: dx is not [T, in] for dy [T, out] and w [out, in]");
}

void LinearWeightGradient::check() const {
  ensure(is_f32(dy) && is_f32(x) && is_f32(dw), "linear_weight_gradient: dy, x and dw must be float32 views");
  ensure(dy.rows == x.rows, "linear_weight_gradient: dy and x differ in their number of tokens");
  ensure(has_shape(dw, dy.columns, x.columns),
         "linear_weight_gradient: dw is not [out, in] for dy [T, out] and x [T, in]");
}

}  // namespace hone::ops
