#include "ops/rope.h"

#include "ops/checks.h"

namespace hone::ops {

void Rope::check() const {
  ensure(is_f32(x) && is_f32(cosine) && is_f32(sine), "rope: x and the tables must be float32 views");
  ensure(is_i32(positions) && has_shape(positions, x.rows, 1), "rope: positions is not [T, 1] int32");
  ensure(same_shape(cosine, sine), "rope: the two tables differ in shape");
  ensure(heads > 0 && x.columns % heads == 0, "rope: the columns of x are not a whole number of heads");
  ensure(cosine.columns * 2 <= x.columns / heads, "rope: more elements are rotated than a head has");
}

}  // namespace hone::ops
