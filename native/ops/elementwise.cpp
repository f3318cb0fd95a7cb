#include "ops/elementwise.h"

#include "ops/checks.h"

namespace hone::ops {

void Add::check() const {
  ensure(is_f32(x) && is_f32(y) && same_shape(x, y), "add: x and y must be float32 views of one shape");
}

void Copy::check() const {
  ensure(is_f32(x) && is_stored_rows(y) && same_shape(x, y), "copy: x must be float32 and y of its shape");
}

void Fill::check() const { ensure(is_f32(y), "fill: y is not a float32 view inside its buffer"); }

void ScaleBias::check() const {
  ensure(is_f32(y), "scale_bias: y is not a float32 view inside its buffer");
  ensure(!scale || (is_f32(scale) && has_shape(scale, 1, 1)), "scale_bias: scale is not [1, 1] float32");
  ensure(!bias || (is_f32(bias) && has_shape(bias, 1, y.columns)), "scale_bias: bias is not [1, n] float32");
}

}  // namespace hone::ops
