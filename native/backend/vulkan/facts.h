#pragma once

#include "backend/vulkan/instance.h"
#include "backend/vulkan/vulkan.h"

namespace hone::vulkan {

/// What one physical device is and can do, as far as Hone makes use of it.
struct Facts {
  VulkanDevice shown;
  api::VkPhysicalDeviceMemoryProperties memory{};
  uint32_t queue_family = 0;
  uint32_t most_groups_x = 65535, most_groups_y = 65535;
  uint32_t shared_memory = 16384;        ///< bytes that a workgroup may hold
  uint32_t subgroup = 1;                 ///< usual number of lanes
  size_t largest_allocation = 0;
  bool memory_budget = false;            ///< VK_EXT_memory_budget
  bool subgroup_arithmetic = false;
  bool float16 = false;                  ///< arithmetic in half precision
  bool integer_dot = false;              ///< products of four int8 in one instruction, accelerated or not
  bool integer_dot_fast = false;         ///< accelerated
  bool cooperative_matrix = false;       ///< 16x16x16 float16 with float32 sums, by subgroups
};

Facts read_facts(const Instance& instance, api::VkPhysicalDevice device, size_t index);

/// Free bytes of the device's own memory, as far as the driver tells.
size_t free_memory(const Instance& instance, api::VkPhysicalDevice device, const Facts& facts);

}  // namespace hone::vulkan
