#include "ops/lora.h"

#include "backend/backend.h"
#include "core/random.h"

#include <vector>

namespace hone {
namespace {

/// Factor of element (t, i) of the adapter's input: 0 where it is dropped, 1 / (1 - rate) where it is kept.
double mask(const ops::Dropout& dropout, int64_t t, int64_t i, int64_t columns) {
  if (dropout.rate == 0) return 1;
  const bool kept = random_uniform(dropout.key, static_cast<uint64_t>(t * columns + i)) >= dropout.rate;
  return kept ? 1 / (1 - static_cast<double>(dropout.rate)) : 0;
}

void lora(Backend&, const ops::Lora& op) {
  const int64_t in = op.a.columns, rank = op.a.rows, out = op.b.rows;
  for (int64_t t = 0; t < op.x.rows; ++t) {
    const float* x = op.x.row<float>(t);
    float* u = op.u.row<float>(t);
    float* y = op.y.row<float>(t);
    for (int64_t r = 0; r < rank; ++r) {
      double sum = 0;
      for (int64_t i = 0; i < in; ++i) sum += mask(op.dropout, t, i, in) * x[i] * op.a.row<float>(r)[i];
      u[r] = static_cast<float>(sum);
    }
    for (int64_t o = 0; o < out; ++o) {
      double sum = 0;
      for (int64_t r = 0; r < rank; ++r) sum += static_cast<double>(u[r]) * op.b.row<float>(o)[r];
      y[o] = static_cast<float>(y[o] + op.scale * sum);
    }
  }
}

void lora_backward(Backend&, const ops::LoraBackward& op) {
  const int64_t tokens = op.x.rows, in = op.a.columns, rank = op.a.rows, out = op.b.rows;

  // du = scale * dy * b
  std::vector<double> du(tokens * rank);
  for (int64_t t = 0; t < tokens; ++t) {
    for (int64_t r = 0; r < rank; ++r) {
      double sum = 0;
      for (int64_t o = 0; o < out; ++o) sum += static_cast<double>(op.dy.row<float>(t)[o]) * op.b.row<float>(o)[r];
      du[t * rank + r] = op.scale * sum;
    }
  }

  if (op.da) {
    for (int64_t r = 0; r < rank; ++r) {
      for (int64_t i = 0; i < in; ++i) {
        double sum = 0;
        for (int64_t t = 0; t < tokens; ++t) {
          sum += du[t * rank + r] * mask(op.dropout, t, i, in) * op.x.row<float>(t)[i];
        }
        float& da = op.da.row<float>(r)[i];
        da = static_cast<float>(da + sum);
      }
    }
  }
  if (op.db) {
    for (int64_t o = 0; o < out; ++o) {
      for (int64_t r = 0; r < rank; ++r) {
        double sum = 0;
        for (int64_t t = 0; t < tokens; ++t) {
          sum += static_cast<double>(op.dy.row<float>(t)[o]) * op.u.row<float>(t)[r];
        }
        float& db = op.db.row<float>(o)[r];
        db = static_cast<float>(db + op.scale * sum);
      }
    }
  }
  if (op.dx) {
    for (int64_t t = 0; t < tokens; ++t) {
      float* dx = op.dx.row<float>(t);
      for (int64_t i = 0; i < in; ++i) {
        double sum = 0;
        for (int64_t r = 0; r < rank; ++r) sum += du[t * rank + r] * op.a.row<float>(r)[i];
        dx[i] = static_cast<float>(dx[i] + mask(op.dropout, t, i, in) * sum);
      }
    }
  }
}

const Kernel<ops::Lora> lora_kernel(BackendKind::reference, lora);
const Kernel<ops::LoraBackward> backward_kernel(BackendKind::reference, lora_backward);

}  // namespace
}  // namespace hone
