#include "ops/linear.h"

#include "backend/vulkan/ops/product.h"

namespace hone::vulkan {
namespace {

constexpr uint32_t kVectorThreads = 64, kVectorOutputs = 2;

/// Every row of x rounded to 8 bits: packed into words with a step per row, or as floats again.
void round_rows(VulkanBackend& backend, const Tensor& x, const Tensor& words, const Tensor& steps,
                const Tensor& floats) {
  const bool packed = bool(words);
  const struct {
    uint64_t x, steps, floats, words;
    uint32_t rows, columns, x_stride, unused;
  } parameters{address_of(x), address_of(steps),  address_of(floats), address_of(words),
               u32(x.rows),   u32(x.columns), u32(x.stride),      0};
  backend.dispatch("round_rows", {x.columns > 512 ? 256u : 64u, packed}, {groups_for(x.rows, 1), 1, 1}, parameters,
                   {reads(x), writes(steps), writes(floats), writes(words)});
}

std::string dot_variant(const VulkanBackend& backend, std::string shader) {
  return shader + (backend.facts().integer_dot && !backend.options().plain ? ".dot" : "");
}

/// The integer product of ternary matrices.
void ternary_linear(VulkanBackend& backend, const ops::Linear& op) {
  const Tensor words = backend.scratch(Scratch::inputs, op.x.rows, op.x.columns / 4, DType::I32);
  const Tensor steps = backend.scratch(Scratch::steps, 1, op.x.rows);
  round_rows(backend, op.x, words, steps, {});
  const auto type = static_cast<uint32_t>(op.w.dtype);
  if (op.x.rows <= kFewTokens) {
    const struct {
      uint64_t q, steps, y;
      WeightView w;
      uint32_t outputs, columns, y_stride, unused;
    } parameters{address_of(words),  address_of(steps), address_of(op.y), weight_view(op.w), u32(op.w.rows),
                 u32(op.w.columns), u32(op.y.stride),  0};
    backend.dispatch(dot_variant(backend, backend.with_subgroups("ternary_vector")),
                     {kVectorThreads, type, u32(op.x.rows), kVectorOutputs, op.accumulate},
                     {groups_for(op.w.rows, kVectorOutputs), 1, 1}, parameters,
                     {reads(words), reads(steps), reads(op.w), writes(op.y)});
    return;
  }
  const struct {
    uint64_t q, steps, y;
    WeightView w;
    uint32_t tokens, outputs, columns, y_stride;
  } parameters{address_of(words), address_of(steps), address_of(op.y),  weight_view(op.w),
               u32(op.x.rows),    u32(op.w.rows),    u32(op.w.columns), u32(op.y.stride)};
  backend.dispatch(dot_variant(backend, "ternary_product"), {type, op.accumulate},
                   {u32((op.w.rows + 63) / 64), u32((op.x.rows + 31) / 32), 1}, parameters,
                   {reads(words), reads(steps), reads(op.w), writes(op.y)});
}

void linear(Backend& any, const ops::Linear& op) {
  VulkanBackend& backend = vulkan_of(any);
  if (op.x.rows == 0) return;
  Tensor x = op.x;
  if (op.activations == ops::Activations::rounded) {
    if (is_ternary(op.w.dtype)) return ternary_linear(backend, op);
    x = backend.scratch(Scratch::inputs, op.x.rows, op.x.columns);
    round_rows(backend, op.x, {}, {}, x);
  }
  run_product(backend, {.a = x, .b = op.w, .c = op.y, .accumulate = op.accumulate});
}

void linear_backward(Backend& any, const ops::LinearBackward& op) {
  run_product(vulkan_of(any), {.a = op.dy, .b = op.w, .c = op.dx, .b_along_k = false, .accumulate = op.accumulate});
}

void linear_weight_gradient(Backend& any, const ops::LinearWeightGradient& op) {
  run_product(vulkan_of(any),
              {.a = op.dy, .b = op.x, .c = op.dw, .a_transposed = true, .b_along_k = false, .accumulate = true});
}

const Kernel<ops::Linear> linear_kernel(BackendKind::vulkan, linear);
const Kernel<ops::LinearBackward> backward_kernel(BackendKind::vulkan, linear_backward);
const Kernel<ops::LinearWeightGradient> gradient_kernel(BackendKind::vulkan, linear_weight_gradient);

}  // namespace
}  // namespace hone::vulkan
