#include "ops/rope.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void rope(Backend& any, const ops::Rope& op) {
  const int64_t head = op.x.columns / op.heads, pairs = op.cosine.columns;
  const struct {
    uint64_t x, cosine, sine, positions;
    uint32_t rows, heads, head, pairs, x_stride, positions_stride, cosine_stride, sine_stride;
    float direction;
    uint32_t unused;
  } parameters{address_of(op.x),
               address_of(op.cosine),
               address_of(op.sine),
               address_of(op.positions),
               u32(op.x.rows),
               u32(op.heads),
               u32(head),
               u32(pairs),
               u32(op.x.stride),
               u32(op.positions.stride),
               u32(op.cosine.stride),
               u32(op.sine.stride),
               op.inverse ? -1.0f : 1.0f,
               0};
  const Grid grid = grid_for(op.x.rows, op.heads * pairs);
  vulkan_of(any).dispatch("rope", {grid.threads, op.pairing == ops::RopePairing::neox}, grid.groups, parameters,
                          {reads(op.positions), reads(op.cosine), reads(op.sine), writes(op.x)});
}

const Kernel<ops::Rope> kernel(BackendKind::vulkan, rope);

}  // namespace
}  // namespace hone::vulkan
