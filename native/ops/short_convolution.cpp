#include "ops/short_convolution.h"

#include "ops/checks.h"

namespace hone::ops {

void ShortConvolution::check() const {
  ensure(is_f32(input) && is_f32(w) && is_f32(history) && is_f32(y),
         "short_convolution: input, w, history and y must be float32 views");
  ensure(has_shape(input, y.rows, 3 * y.columns), "short_convolution: input is not [T, 3D] for y [T, D]");
  ensure(w.rows == y.columns, "short_convolution: w is not [D, K]");
  ensure(past >= 0 && has_shape(history, past + y.rows, y.columns),
         "short_convolution: history is not [past + T, D]");
  ensure(is_i32(key_begin) && has_shape(key_begin, y.rows, 1), "short_convolution: key_begin is not [T, 1] int32");
}

void ShortConvolutionBackward::check() const {
  ensure(is_f32(input) && is_f32(w) && is_f32(history) && is_f32(dy) && is_f32(dinput),
         "short_convolution_backward: input, w, history, dy and dinput must be float32 views");
  ensure(has_shape(input, dy.rows, 3 * dy.columns) && same_shape(input, dinput),
         "short_convolution_backward: input and dinput are not [T, 3D] for dy [T, D]");
  ensure(w.rows == dy.columns, "short_convolution_backward: w is not [D, K]");
  ensure(same_shape(history, dy), "short_convolution_backward: history is not [T, D]");
  ensure(is_i32(key_begin) && has_shape(key_begin, dy.rows, 1),
         "short_convolution_backward: key_begin is not [T, 1] int32");
}

}  // namespace hone::ops
