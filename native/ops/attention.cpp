#include "ops/attention.h"

#include "ops/checks.h"

namespace hone::ops {

void Attention::check() const {
  ensure(is_f32(q) && is_f32(o), "attention: q and o must be float32 views");
  ensure(is_stored_rows(k) && is_stored_rows(v) && k.dtype == v.dtype,
         "attention: k and v must be views of one type, float32, F16 or Q8_0");
  ensure(heads > 0 && groups > 0 && heads % groups == 0, "attention: heads is not a multiple of groups");
  ensure(q.columns % heads == 0, "attention: the columns of q are not a whole number of heads");
  ensure(q.columns / heads % traits(k.dtype).block_length == 0, "attention: a head is not a whole number of blocks");
  ensure(same_shape(q, o), "attention: q and o differ in shape");
  ensure(same_shape(k, v), "attention: k and v differ in shape");
  ensure(k.columns == q.columns / heads * groups, "attention: k is not [S, groups * head dimension]");
  ensure(past >= 0 && k.rows == past + q.rows, "attention: there are not past + T keys for T queries");
  ensure(is_i32(key_begin) && has_shape(key_begin, q.rows, 1), "attention: key_begin is not [T, 1] int32");
  ensure(!lse || (is_f32(lse) && has_shape(lse, q.rows, heads)), "attention: lse is not [T, H] float32");
}

void AttentionBackward::check() const {
  ensure(is_f32(q) && is_f32(k) && is_f32(v) && is_f32(o) && is_f32(d_o) && is_f32(dq) && is_f32(dk) && is_f32(dv),
         "attention_backward: q, k, v, o and their gradients must be float32 views");
  ensure(heads > 0 && groups > 0 && heads % groups == 0, "attention_backward: heads is not a multiple of groups");
  ensure(q.columns % heads == 0, "attention_backward: the columns of q are not a whole number of heads");
  ensure(same_shape(q, o) && same_shape(q, d_o) && same_shape(q, dq),
         "attention_backward: q, o, d_o and dq differ in shape");
  ensure(same_shape(k, v) && same_shape(k, dk) && same_shape(k, dv),
         "attention_backward: k, v, dk and dv differ in shape");
  ensure(has_shape(k, q.rows, q.columns / heads * groups), "attention_backward: k is not [T, groups * head dimension]");
  ensure(is_i32(key_begin) && has_shape(key_begin, q.rows, 1), "attention_backward: key_begin is not [T, 1] int32");
  ensure(is_f32(lse) && has_shape(lse, q.rows, heads), "attention_backward: lse is not [T, H] float32");
}

}  // namespace hone::ops
