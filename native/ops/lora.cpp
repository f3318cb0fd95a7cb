#include "ops/lora.h"

#include "ops/checks.h"

namespace hone::ops {
namespace {

bool is_rate(float rate) { return rate >= 0 && rate < 1; }

}  // namespace

void Lora::check() const {
  ensure(is_f32(x) && is_f32(a) && is_f32(b) && is_f32(u) && is_f32(y), "lora: all tensors must be float32 views");
  ensure(a.columns == x.columns, "lora: a [r, in] and x [T, in] differ in their number of inputs");
  ensure(b.columns == a.rows, "lora: a [r, in] and b [out, r] differ in rank");
  ensure(has_shape(u, x.rows, a.rows), "lora: u is not [T, r]");
  ensure(has_shape(y, x.rows, b.rows), "lora: y is not [T, out]");
  ensure(is_rate(dropout.rate), "lora: the dropout rate is not in [0, 1)");
}

void LoraBackward::check() const {
  ensure(is_f32(x) && is_f32(a) && is_f32(b) && is_f32(u) && is_f32(dy),
         "lora_backward: x, a, b, u and dy must be float32 views");
  ensure(a.columns == x.columns, "lora_backward: a [r, in] and x [T, in] differ in their number of inputs");
  ensure(b.columns == a.rows, "lora_backward: a [r, in] and b [out, r] differ in rank");
  ensure(has_shape(u, x.rows, a.rows), "lora_backward: u is not [T, r]");
  ensure(has_shape(dy, x.rows, b.rows), "lora_backward: dy is not [T, out]");
  ensure(!da || (is_f32(da) && same_shape(da, a)), "lora_backward: da is not a float32 view shaped like a");
  ensure(!db || (is_f32(db) && same_shape(db, b)), "lora_backward: db is not a float32 view shaped like b");
  ensure(!dx || (is_f32(dx) && same_shape(dx, x)), "lora_backward: dx is not a float32 view shaped like x");
  ensure(is_rate(dropout.rate), "lora_backward: the dropout rate is not in [0, 1)");
}

}  // namespace hone::ops
