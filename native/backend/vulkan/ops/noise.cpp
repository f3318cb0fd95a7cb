#include "ops/noise.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void add_noise(Backend& any, const ops::AddNoise& op) {
  const struct {
    uint64_t y, scales, key;
    uint32_t rows, columns, y_stride, scales_stride;
  } parameters{address_of(op.y),   address_of(op.scales), op.key,           u32(op.y.rows),
               u32(op.y.columns), u32(op.y.stride),      u32(op.scales.stride)};
  const Grid grid = grid_for(op.y.rows, op.y.columns);
  vulkan_of(any).dispatch("add_noise", {grid.threads}, grid.groups, parameters, {reads(op.scales), writes(op.y)});
}

const Kernel<ops::AddNoise> kernel(BackendKind::vulkan, add_noise);

}  // namespace
}  // namespace hone::vulkan
