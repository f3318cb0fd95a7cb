#include "ops/noise.h"

#include "backend/cpu/backend.h"
#include "core/random.h"

namespace hone::cpu {
namespace {

void add_noise(Backend& any, const ops::AddNoise& op) {
  const int64_t d = op.y.columns;
  cpu_of(any).pool.parallel_for(op.y.rows, row_grain(d * 8), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float scale = *op.scales.row<float>(t);
      float* y = op.y.row<float>(t);
      for (int64_t i = 0; i < d; ++i) {
        y[i] += scale * (2 * random_uniform(op.key, static_cast<uint64_t>(t * d + i)) - 1);
      }
    }
  });
}

const Kernel<ops::AddNoise> kernel(BackendKind::cpu, add_noise);

}  // namespace
}  // namespace hone::cpu
