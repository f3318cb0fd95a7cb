#include "ops/attention.h"

#include "backend/backend.h"
#include "quant/codec.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hone {
namespace {

double dot(const float* a, const float* b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

/// All rows as float32, contiguous.
std::vector<float> floats_of(const Tensor& t) {
  std::vector<float> values(static_cast<size_t>(t.elements()));
  for (int64_t r = 0; r < t.rows; ++r) {
    decode_row(t.dtype, t.data() + matrix_bytes(t.dtype, r, t.stride), values.data() + r * t.columns, t.columns);
  }
  return values;
}

void attention(Backend&, const ops::Attention& op) {
  const int64_t d = op.q.columns / op.heads;
  std::vector<double> p(op.k.rows), out(d);
  const std::vector<float> keys = floats_of(op.k), values = floats_of(op.v);
  for (int64_t t = 0; t < op.q.rows; ++t) {
    const int64_t begin = *op.key_begin.row<int32_t>(t), end = op.past + t + 1;
    ensure(begin >= 0 && begin < end, "attention: a query sees no key");
    for (int64_t h = 0; h < op.heads; ++h) {
      const int64_t g = h / (op.heads / op.groups);
      const float* q = op.q.row<float>(t) + h * d;
      double largest = -INFINITY, total = 0;
      for (int64_t s = begin; s < end; ++s) {
        p[s] = op.scale * dot(q, keys.data() + s * op.k.columns + g * d, d);
        largest = std::max(largest, p[s]);
      }
      for (int64_t s = begin; s < end; ++s) total += p[s] = std::exp(p[s] - largest);
      std::fill(out.begin(), out.end(), 0.0);
      for (int64_t s = begin; s < end; ++s) {
        const float* v = values.data() + s * op.v.columns + g * d;
        for (int64_t i = 0; i < d; ++i) out[i] += p[s] / total * v[i];
      }
      for (int64_t i = 0; i < d; ++i) op.o.row<float>(t)[h * d + i] = static_cast<float>(out[i]);
      if (op.lse) op.lse.row<float>(t)[h] = static_cast<float>(largest + std::log(total));
    }
  }
}

void attention_backward(Backend&, const ops::AttentionBackward& op) {
  const int64_t d = op.q.columns / op.heads, tokens = op.q.rows, width = op.groups * d;
  std::vector<double> dk(tokens * width), dv(tokens * width), dq(d);
  for (int64_t t = 0; t < tokens; ++t) {
    const int64_t begin = *op.key_begin.row<int32_t>(t);
    ensure(begin >= 0 && begin <= t, "attention_backward: a query sees no key");
    for (int64_t h = 0; h < op.heads; ++h) {
      const int64_t g = h / (op.heads / op.groups);
      const float* q = op.q.row<float>(t) + h * d;
      const float* d_o = op.d_o.row<float>(t) + h * d;
      const double correction = dot(d_o, op.o.row<float>(t) + h * d, d);
      std::fill(dq.begin(), dq.end(), 0.0);
      for (int64_t s = begin; s <= t; ++s) {
        const float* k = op.k.row<float>(s) + g * d;
        const double p = std::exp(op.scale * dot(q, k, d) - op.lse.row<float>(t)[h]);
        const double ds = op.scale * p * (dot(d_o, op.v.row<float>(s) + g * d, d) - correction);
        for (int64_t i = 0; i < d; ++i) {
          dq[i] += ds * k[i];
          dk[s * width + g * d + i] += ds * q[i];
          dv[s * width + g * d + i] += p * d_o[i];
        }
      }
      for (int64_t i = 0; i < d; ++i) op.dq.row<float>(t)[h * d + i] = static_cast<float>(dq[i]);
    }
  }
  for (int64_t s = 0; s < tokens; ++s) {
    for (int64_t i = 0; i < width; ++i) {
      op.dk.row<float>(s)[i] = static_cast<float>(dk[s * width + i]);
      op.dv.row<float>(s)[i] = static_cast<float>(dv[s * width + i]);
    }
  }
}

const Kernel<ops::Attention> forward_kernel(BackendKind::reference, attention);
const Kernel<ops::AttentionBackward> backward_kernel(BackendKind::reference, attention_backward);

}  // namespace
}  // namespace hone
