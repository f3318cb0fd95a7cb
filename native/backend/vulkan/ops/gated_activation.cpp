#include "ops/gated_activation.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void gated_activation(Backend& any, const ops::GatedActivation& op) {
  const struct {
    uint64_t gate, up, y;
    uint32_t rows, columns, gate_stride, up_stride, y_stride, unused;
  } parameters{address_of(op.gate), address_of(op.up),   address_of(op.y),  u32(op.y.rows),
               u32(op.y.columns),   u32(op.gate.stride), u32(op.up.stride), u32(op.y.stride), 0};
  const Grid grid = grid_for(op.y.rows, op.y.columns);
  vulkan_of(any).dispatch("gated_activation", {grid.threads, static_cast<uint32_t>(op.kind)}, grid.groups, parameters,
                          {reads(op.gate), reads(op.up), writes(op.y)});
}

void gated_activation_backward(Backend& any, const ops::GatedActivationBackward& op) {
  const struct {
    uint64_t gate, up, dy, dgate, dup;
    uint32_t rows, columns, gate_stride, up_stride, dy_stride, dgate_stride, dup_stride, unused;
  } parameters{address_of(op.gate),   address_of(op.up),   address_of(op.dy),    address_of(op.dgate),
               address_of(op.dup),    u32(op.dy.rows),     u32(op.dy.columns),   u32(op.gate.stride),
               u32(op.up.stride),     u32(op.dy.stride),   u32(op.dgate.stride), u32(op.dup.stride), 0};
  const Grid grid = grid_for(op.dy.rows, op.dy.columns);
  vulkan_of(any).dispatch("gated_activation_backward", {grid.threads, static_cast<uint32_t>(op.kind)}, grid.groups,
                          parameters,
                          {reads(op.gate), reads(op.up), reads(op.dy), writes(op.dgate), writes(op.dup)});
}

const Kernel<ops::GatedActivation> forward_kernel(BackendKind::vulkan, gated_activation);
const Kernel<ops::GatedActivationBackward> backward_kernel(BackendKind::vulkan, gated_activation_backward);

}  // namespace
}  // namespace hone::vulkan
