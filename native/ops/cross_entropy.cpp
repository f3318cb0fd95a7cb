#include "ops/cross_entropy.h"

#include "ops/checks.h"

namespace hone::ops {

void CrossEntropy::check() const {
  ensure(is_f32(h), "cross_entropy: h is not a float32 view inside its buffer");
  ensure(is_weight(w), "cross_entropy: w is not a whole weight matrix inside its buffer");
  ensure(h.columns == w.columns, "cross_entropy: h [N, D] and w [V, D] differ in width");
  ensure(is_i32(targets) && has_shape(targets, h.rows, 1), "cross_entropy: targets is not [N, 1] int32");
  ensure(is_f32(weights) && has_shape(weights, h.rows, 1), "cross_entropy: weights is not [N, 1] float32");
  ensure(is_f32(loss) && has_shape(loss, h.rows, 1), "cross_entropy: loss is not [N, 1] float32");
  ensure(!dh || (is_f32(dh) && same_shape(dh, h)), "cross_entropy: dh is not a float32 view shaped like h");
  ensure(!dw || (is_f32(dw) && same_shape(dw, w)), "cross_entropy: dw is not a float32 view shaped like w");
  ensure(!correct || (is_i32(correct) && has_shape(correct, h.rows, 1)), "cross_entropy: correct is not [N, 1] int32");
}

}  // namespace hone::ops
