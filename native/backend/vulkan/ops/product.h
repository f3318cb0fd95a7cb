#pragma once

#include "backend/vulkan/backend.h"
#include "ops/lora.h"

namespace hone::vulkan {

/// c [M, N] (+)= factor · a · b, the one product of float32 inputs that all others are made of.
struct Product {
  Tensor a;                   ///< [M, K], or [K, M] when `a_transposed`; float32
  Tensor b;                   ///< any weight type: [N, K] when `b_along_k`, else [K, N]
  Tensor c;                   ///< float32
  bool a_transposed = false;
  bool b_along_k = true;
  float factor = 1;
  bool accumulate = false;
  enum class Drop : uint32_t { none, a, b, c } drop = Drop::none;  ///< what dropout acts on
  ops::Dropout dropout = {};
};

void run_product(VulkanBackend& backend, const Product& product);

/// Up to this many tokens a product is one dot per output; more of them go through tiles.
inline constexpr int64_t kFewTokens = 4;

}  // namespace hone::vulkan
