#include "ops/adamw.h"

#include "backend/vulkan/backend.h"

#include <algorithm>
#include <cmath>

namespace hone::vulkan {
namespace {

void adamw(Backend& any, const ops::AdamW& op) {
  const double correction1 = 1 - std::pow(static_cast<double>(op.beta1), static_cast<double>(op.step));
  const double correction2 = 1 - std::pow(static_cast<double>(op.beta2), static_cast<double>(op.step));
  const struct {
    uint64_t w, gradient, m, v;
    uint32_t rows, columns, w_stride, gradient_stride, m_stride, v_stride;
    float gradient_scale, beta1, rest1, beta2, rest2, decay, step_size, correction, epsilon;
    uint32_t unused;
  } parameters{address_of(op.w),
               address_of(op.gradient),
               address_of(op.m),
               address_of(op.v),
               u32(op.w.rows),
               u32(op.w.columns),
               u32(op.w.stride),
               u32(op.gradient.stride),
               u32(op.m.stride),
               u32(op.v.stride),
               op.gradient_scale,
               op.beta1,
               static_cast<float>(1.0 - op.beta1),
               op.beta2,
               static_cast<float>(1.0 - op.beta2),
               static_cast<float>(static_cast<double>(op.learning_rate) * op.weight_decay),
               static_cast<float>(op.learning_rate / correction1),
               static_cast<float>(1 / correction2),
               op.epsilon,
               0};
  const Grid grid = grid_for(op.w.rows, op.w.columns);
  vulkan_of(any).dispatch("adamw", {grid.threads}, grid.groups, parameters,
                          {reads(op.gradient), writes(op.w), writes(op.m), writes(op.v)});
}

void sum_squares(Backend& any, const ops::SumSquares& op) {
  VulkanBackend& backend = vulkan_of(any);
  Grid grid = grid_for(op.x.rows, op.x.columns);
  grid.groups[0] = std::min(grid.groups[0], 64u);
  grid.groups[1] = std::min(grid.groups[1], 64u / grid.groups[0]);
  const int64_t threads = int64_t{grid.threads} * grid.groups[0] * grid.groups[1];
  const Tensor pairs = backend.scratch(Scratch::partial, threads, 2);
  const struct {
    uint64_t x, sums;
    uint32_t rows, columns, x_stride, unused;
  } parameters{address_of(op.x), address_of(pairs), u32(op.x.rows), u32(op.x.columns), u32(op.x.stride), 0};
  backend.dispatch("sum_squares", {grid.threads}, grid.groups, parameters, {reads(op.x), writes(pairs)});
  const struct {
    uint64_t sums, total;
    uint32_t count, unused;
  } of_all{address_of(pairs), address_of(op.out), u32(threads), 0};
  backend.dispatch("sum_pairs", {}, {1, 1, 1}, of_all, {reads(pairs), writes(op.out)});
}

const Kernel<ops::AdamW> adamw_kernel(BackendKind::vulkan, adamw);
const Kernel<ops::SumSquares> sum_kernel(BackendKind::vulkan, sum_squares);

}  // namespace
}  // namespace hone::vulkan
