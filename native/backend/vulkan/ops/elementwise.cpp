#include "ops/elementwise.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void add_or_copy(Backend& any, const Tensor& x, const Tensor& y, bool add) {
  const struct {
    uint64_t x, y;
    uint32_t rows, columns, x_stride, y_stride;
  } parameters{address_of(x), address_of(y), u32(x.rows), u32(x.columns), u32(x.stride), u32(y.stride)};
  const Grid grid = grid_for(x.rows, x.columns);
  vulkan_of(any).dispatch("add", {grid.threads, add}, grid.groups, parameters, {reads(x), writes(y)});
}

void add(Backend& any, const ops::Add& op) { add_or_copy(any, op.x, op.y, true); }

void copy(Backend& any, const ops::Copy& op) {
  ensure(op.y.dtype == DType::F32, "copy: a GPU copies to float32 only");
  add_or_copy(any, op.x, op.y, false);
}

void fill(Backend& any, const ops::Fill& op) {
  const struct {
    uint64_t y;
    uint32_t rows, columns, y_stride;
    float value;
  } parameters{address_of(op.y), u32(op.y.rows), u32(op.y.columns), u32(op.y.stride), op.value};
  const Grid grid = grid_for(op.y.rows, op.y.columns);
  vulkan_of(any).dispatch("fill", {grid.threads}, grid.groups, parameters, {writes(op.y)});
}

void scale_bias(Backend& any, const ops::ScaleBias& op) {
  const struct {
    uint64_t y, scale, bias;
    uint32_t rows, columns, y_stride, unused;
  } parameters{address_of(op.y),   address_of(op.scale), address_of(op.bias), u32(op.y.rows), u32(op.y.columns),
               u32(op.y.stride), 0};
  const Grid grid = grid_for(op.y.rows, op.y.columns);
  vulkan_of(any).dispatch("scale_bias", {grid.threads, bool(op.scale), bool(op.bias)}, grid.groups, parameters,
                          {reads(op.scale), reads(op.bias), writes(op.y)});
}

const Kernel<ops::Add> add_kernel(BackendKind::vulkan, add);
const Kernel<ops::Copy> copy_kernel(BackendKind::vulkan, copy);
const Kernel<ops::Fill> fill_kernel(BackendKind::vulkan, fill);
const Kernel<ops::ScaleBias> scale_bias_kernel(BackendKind::vulkan, scale_bias);

}  // namespace
}  // namespace hone::vulkan
