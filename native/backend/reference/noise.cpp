#include "ops/noise.h"

#include "backend/backend.h"
#include "core/random.h"

namespace hone {
namespace {

void add_noise(Backend&, const ops::AddNoise& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) {
    const float scale = *op.scales.row<float>(t);
    for (int64_t i = 0; i < op.y.columns; ++i) {
      const float u = 2 * random_uniform(op.key, static_cast<uint64_t>(t * op.y.columns + i)) - 1;
      op.y.row<float>(t)[i] += scale * u;
    }
  }
}

const Kernel<ops::AddNoise> kernel(BackendKind::reference, add_noise);

}  // namespace
}  // namespace hone
