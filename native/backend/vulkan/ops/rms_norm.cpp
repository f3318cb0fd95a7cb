#include "ops/rms_norm.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

/// Threads of the workgroup of a row: norms over heads are short.
uint32_t threads_for(int64_t columns) { return columns > 512 ? 256 : columns > 128 ? 128 : 64; }

void rms_norm(Backend& any, const ops::RmsNorm& op) {
  VulkanBackend& backend = vulkan_of(any);
  const struct {
    uint64_t x, w, y;
    uint32_t rows, columns, x_stride, y_stride;
    float epsilon;
    uint32_t unused;
  } parameters{address_of(op.x), address_of(op.w),   address_of(op.y), u32(op.x.rows),
               u32(op.x.columns), u32(op.x.stride), u32(op.y.stride), op.epsilon, 0};
  backend.dispatch(backend.with_subgroups("rms_norm"), {threads_for(op.x.columns)}, {groups_for(op.x.rows, 1), 1, 1},
                   parameters, {reads(op.x), reads(op.w), writes(op.y)});
}

void rms_norm_weights(VulkanBackend& backend, const ops::RmsNormBackward& op, const Tensor& rhos) {
  const struct {
    uint64_t x, dy, rhos, dw;
    uint32_t rows, columns, x_stride, dy_stride;
  } parameters{address_of(op.x), address_of(op.dy),  address_of(rhos), address_of(op.dw),
               u32(op.x.rows),   u32(op.x.columns), u32(op.x.stride), u32(op.dy.stride)};
  const Grid grid = grid_for(1, op.x.columns);
  backend.dispatch("rms_norm_weights", {grid.threads}, grid.groups, parameters,
                   {reads(op.x), reads(op.dy), reads(rhos), writes(op.dw)});
}

void rms_norm_backward(Backend& any, const ops::RmsNormBackward& op) {
  VulkanBackend& backend = vulkan_of(any);
  if (op.x.rows == 0) return;
  const Tensor rhos = backend.scratch(Scratch::values, 1, op.x.rows);
  const struct {
    uint64_t x, w, dy, dx, rhos;
    uint32_t rows, columns, x_stride, dy_stride, dx_stride;
    float epsilon;
  } parameters{address_of(op.x),    address_of(op.w),     address_of(op.dy),   address_of(op.dx),
               address_of(rhos),   u32(op.x.rows),       u32(op.x.columns),   u32(op.x.stride),
               u32(op.dy.stride), u32(op.dx.stride),    op.epsilon};
  backend.dispatch(backend.with_subgroups("rms_norm_backward"), {threads_for(op.x.columns), op.accumulate},
                   {groups_for(op.x.rows, 1), 1, 1}, parameters,
                   {reads(op.x), reads(op.w), reads(op.dy), writes(op.dx), writes(rhos)});
  if (op.dw) rms_norm_weights(backend, op, rhos);
}

const Kernel<ops::RmsNorm> norm_kernel(BackendKind::vulkan, rms_norm);
const Kernel<ops::RmsNormBackward> backward_kernel(BackendKind::vulkan, rms_norm_backward);

}  // namespace
}  // namespace hone::vulkan
