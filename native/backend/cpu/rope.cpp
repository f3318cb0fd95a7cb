#include "ops/rope.h"

#include "backend/cpu/backend.h"

namespace hone::cpu {
namespace {

void rope(Backend& any, const ops::Rope& op) {
  CpuBackend& backend = cpu_of(any);
  const RowKernels& rows = backend.simd.rows;
  const int64_t pairs = op.cosine.columns, d = op.x.columns / op.heads;
  const float sign = op.inverse ? -1.0f : 1.0f;
  backend.pool.parallel_for(op.x.rows, row_grain(op.x.columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int32_t position = *op.positions.row<int32_t>(t);
      ensure(position >= 0 && position < op.cosine.rows, "rope: a position lies outside the tables");
      const float* cosine = op.cosine.row<float>(position);
      const float* sine = op.sine.row<float>(position);
      for (int64_t h = 0; h < op.heads; ++h) {
        float* x = op.x.row<float>(t) + h * d;
        if (op.pairing == ops::RopePairing::norm) {
          rows.rotate_pairs(x, cosine, sine, sign, pairs);
        } else {
          rows.rotate_halves(x, x + pairs, cosine, sine, sign, pairs);
        }
      }
    }
  });
}

const Kernel<ops::Rope> kernel(BackendKind::cpu, rope);

}  // namespace
}  // namespace hone::cpu
