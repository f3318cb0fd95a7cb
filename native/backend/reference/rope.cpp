#include "ops/rope.h"

#include "backend/backend.h"

namespace hone {
namespace {

void rope(Backend&, const ops::Rope& op) {
  const int64_t pairs = op.cosine.columns, d = op.x.columns / op.heads;
  for (int64_t t = 0; t < op.x.rows; ++t) {
    const int32_t position = *op.positions.row<int32_t>(t);
    ensure(position >= 0 && position < op.cosine.rows, "rope: a position lies outside the tables");
    const float* cosine = op.cosine.row<float>(position);
    const float* sine = op.sine.row<float>(position);
    for (int64_t h = 0; h < op.heads; ++h) {
      float* x = op.x.row<float>(t) + h * d;
      for (int64_t j = 0; j < pairs; ++j) {
        float& first = op.pairing == ops::RopePairing::norm ? x[2 * j] : x[j];
        float& second = op.pairing == ops::RopePairing::norm ? x[2 * j + 1] : x[j + pairs];
        const double a = first, b = second, c = cosine[j], s = op.inverse ? -sine[j] : sine[j];
        first = static_cast<float>(a * c - b * s);
        second = static_cast<float>(a * s + b * c);
      }
    }
  }
}

const Kernel<ops::Rope> kernel(BackendKind::reference, rope);

}  // namespace
}  // namespace hone
