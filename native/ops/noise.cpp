#include "ops/noise.h"

#include "ops/checks.h"

namespace hone::ops {

void AddNoise::check() const {
  ensure(is_f32(y), "add_noise: y is not a float32 view inside its buffer");
  ensure(is_f32(scales) && has_shape(scales, y.rows, 1), "add_noise: scales is not [T, 1] float32");
}

}  // namespace hone::ops
