#include "ops/short_convolution.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void short_convolution(Backend& any, const ops::ShortConvolution& op) {
  const struct {
    uint64_t input, w, history, y, key_begin;
    uint32_t rows, columns, width, past, input_stride, w_stride, history_stride, y_stride, begin_stride, unused;
  } parameters{address_of(op.input),
               address_of(op.w),
               address_of(op.history),
               address_of(op.y),
               address_of(op.key_begin),
               u32(op.y.rows),
               u32(op.y.columns),
               u32(op.w.columns),
               u32(op.past),
               u32(op.input.stride),
               u32(op.w.stride),
               u32(op.history.stride),
               u32(op.y.stride),
               u32(op.key_begin.stride),
               0};
  const Grid grid = grid_for(op.y.rows, op.y.columns);
  vulkan_of(any).dispatch("short_convolution", {grid.threads}, grid.groups, parameters,
                          {reads(op.input), reads(op.w), reads(op.key_begin), writes(op.history), writes(op.y)});
}

void short_convolution_backward(Backend& any, const ops::ShortConvolutionBackward& op) {
  const struct {
    uint64_t input, w, history, dy, dinput, key_begin;
    uint32_t rows, columns, width, input_stride, w_stride, history_stride, dy_stride, dinput_stride, begin_stride,
        unused;
  } parameters{address_of(op.input),
               address_of(op.w),
               address_of(op.history),
               address_of(op.dy),
               address_of(op.dinput),
               address_of(op.key_begin),
               u32(op.dy.rows),
               u32(op.dy.columns),
               u32(op.w.columns),
               u32(op.input.stride),
               u32(op.w.stride),
               u32(op.history.stride),
               u32(op.dy.stride),
               u32(op.dinput.stride),
               u32(op.key_begin.stride),
               0};
  const Grid grid = grid_for(op.dy.rows, op.dy.columns);
  vulkan_of(any).dispatch(
      "short_convolution_backward", {grid.threads}, grid.groups, parameters,
      {reads(op.input), reads(op.w), reads(op.history), reads(op.dy), reads(op.key_begin), writes(op.dinput)});
}

const Kernel<ops::ShortConvolution> forward_kernel(BackendKind::vulkan, short_convolution);
const Kernel<ops::ShortConvolutionBackward> backward_kernel(BackendKind::vulkan, short_convolution_backward);

}  // namespace
}  // namespace hone::vulkan
