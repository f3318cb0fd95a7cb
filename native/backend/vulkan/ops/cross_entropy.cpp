#include "ops/cross_entropy.h"

#include "backend/vulkan/ops/product.h"

#include <algorithm>

namespace hone::vulkan {
namespace {

constexpr int64_t kLogits = 16 << 20;  ///< floats of logits kept at a time, 64 MB
constexpr int64_t kFewestRows = 16, kMostRows = 512;

/// Loss of the rows of `op` whose logits are in z, and their gradient in place of them.
void finish_rows(VulkanBackend& backend, const ops::CrossEntropy& op, const Tensor& z) {
  const bool gradient = op.dh || op.dw;
  const struct {
    uint64_t z, loss, weights, targets, correct;
    uint32_t rows, vocabulary, loss_stride, weights_stride, targets_stride, correct_stride;
  } parameters{address_of(z),
               address_of(op.loss),
               address_of(op.weights),
               address_of(op.targets),
               address_of(op.correct),
               u32(z.rows),
               u32(z.columns),
               u32(op.loss.stride),
               u32(op.weights.stride),
               u32(op.targets.stride),
               u32(op.correct.stride)};
  backend.dispatch(backend.with_subgroups("cross_entropy"), {256, gradient, bool(op.correct)},
                   {groups_for(z.rows, 1), 1, 1}, parameters,
                   {writes(z), writes(op.loss), reads(op.weights), reads(op.targets), writes(op.correct)});
}

void cross_entropy(Backend& any, const ops::CrossEntropy& op) {
  VulkanBackend& backend = vulkan_of(any);
  const int64_t rows = op.h.rows, vocabulary = op.w.rows;
  const int64_t chunk = std::min(rows, std::clamp(kLogits / vocabulary, kFewestRows, kMostRows));
  for (int64_t first = 0; first < rows; first += chunk) {
    const int64_t count = std::min(chunk, rows - first);
    const auto part = [&](const Tensor& tensor) { return tensor ? tensor.slice_rows(first, count) : tensor; };
    const ops::CrossEntropy now{part(op.h),    op.w,        part(op.targets), part(op.weights),
                                part(op.loss), part(op.dh), op.dw,            part(op.correct)};
    const Tensor z = backend.scratch(Scratch::products, count, vocabulary);
    run_product(backend, {.a = now.h, .b = op.w, .c = z});
    finish_rows(backend, now, z);
    if (now.dh) run_product(backend, {.a = z, .b = op.w, .c = now.dh, .b_along_k = false});
    if (op.dw) {
      run_product(backend,
                  {.a = z, .b = now.h, .c = op.dw, .a_transposed = true, .b_along_k = false, .accumulate = true});
    }
  }
}

const Kernel<ops::CrossEntropy> kernel(BackendKind::vulkan, cross_entropy);

}  // namespace
}  // namespace hone::vulkan
