#include "ops/rms_norm.h"

#include "ops/checks.h"

namespace hone::ops {

void RmsNorm::check() const {
  ensure(is_f32(x) && is_f32(w) && is_f32(y), "rms_norm: x, w and y must be float32 views");
  ensure(has_shape(w, 1, x.columns), "rms_norm: w is not [1, n] for x [rows, n]");
  ensure(same_shape(x, y), "rms_norm: x and y differ in shape");
}

void RmsNormBackward::check() const {
  ensure(is_f32(x) && is_f32(w) && is_f32(dy) && is_f32(dx),
         "rms_norm_backward: x, w, dy and dx must be float32 views");
  ensure(has_shape(w, 1, x.columns), "rms_norm_backward: w is not [1, n] for x [rows, n]");
  ensure(same_shape(x, dy) && same_shape(x, dx), "rms_norm_backward: x, dy and dx differ in shape");
  ensure(!dw || (is_f32(dw) && same_shape(dw, w)), "rms_norm_backward: dw is not a float32 view shaped like w");
}

}  // namespace hone::ops
