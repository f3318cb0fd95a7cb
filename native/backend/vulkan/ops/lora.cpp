#include "ops/lora.h"

#include "backend/vulkan/ops/product.h"

namespace hone::vulkan {
namespace {

using Drop = Product::Drop;

Drop drops(const ops::Dropout& dropout, Drop what) { return dropout.rate > 0 ? what : Drop::none; }

void lora(Backend& any, const ops::Lora& op) {
  VulkanBackend& backend = vulkan_of(any);
  run_product(backend,
              {.a = op.x, .b = op.a, .c = op.u, .drop = drops(op.dropout, Drop::a), .dropout = op.dropout});
  run_product(backend, {.a = op.u, .b = op.b, .c = op.y, .factor = op.scale, .accumulate = true});
}

void lora_backward(Backend& any, const ops::LoraBackward& op) {
  VulkanBackend& backend = vulkan_of(any);
  if (op.x.rows == 0) return;
  const Tensor du = backend.scratch(Scratch::values, op.x.rows, op.a.rows);
  run_product(backend, {.a = op.dy, .b = op.b, .c = du, .b_along_k = false, .factor = op.scale});
  if (op.da) {
    run_product(backend, {.a = du,
                          .b = op.x,
                          .c = op.da,
                          .a_transposed = true,
                          .b_along_k = false,
                          .accumulate = true,
                          .drop = drops(op.dropout, Drop::b),
                          .dropout = op.dropout});
  }
  if (op.db) {
    run_product(backend, {.a = op.dy,
                          .b = op.u,
                          .c = op.db,
                          .a_transposed = true,
                          .b_along_k = false,
                          .factor = op.scale,
                          .accumulate = true});
  }
  if (op.dx) {
    run_product(backend, {.a = du,
                          .b = op.a,
                          .c = op.dx,
                          .b_along_k = false,
                          .accumulate = true,
                          .drop = drops(op.dropout, Drop::c),
                          .dropout = op.dropout});
  }
}

const Kernel<ops::Lora> lora_kernel(BackendKind::vulkan, lora);
const Kernel<ops::LoraBackward> backward_kernel(BackendKind::vulkan, lora_backward);

}  // namespace
}  // namespace hone::vulkan
