#include "ops/adamw.h"

#include "ops/checks.h"

namespace hone::ops {

void AdamW::check() const {
  ensure(is_f32(w) && is_f32(gradient) && is_f32(m) && is_f32(v), "adamw: w, gradient, m and v must be float32 views");
  ensure(same_shape(w, gradient) && same_shape(w, m) && same_shape(w, v),
         "adamw: w, gradient, m and v differ in shape");
  ensure(step >= 1, "adamw: steps count from 1");
  ensure(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "adamw: beta1 and beta2 must be in [0, 1)");
}

void SumSquares::check() const {
  ensure(is_f32(x), "sum_squares: x is not a float32 view inside its buffer");
  ensure(is_view(out, DType::F64) && has_shape(out, 1, 1), "sum_squares: out is not [1, 1] float64");
}

}  // namespace hone::ops
