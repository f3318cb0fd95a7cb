#include "backend/vulkan/facts.h"

#include "core/error.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace hone::vulkan {
namespace {

using namespace api;

constexpr uint32_t kSharedMemory = 16384;  // what the kernels are written for

std::string version_text(uint32_t version) {
  return std::to_string(version >> 22 & 127) + "." + std::to_string(version >> 12 & 1023) + "." +
         std::to_string(version & 4095);
}

std::string kind_of(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return "integrated";
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return "discrete";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return "virtual";
    case VK_PHYSICAL_DEVICE_TYPE_CPU: return "cpu";
    default: return "other";
  }
}

std::set<std::string> extensions_of(const Instance& instance, VkPhysicalDevice device) {
  uint32_t count = 0;
  instance.fn.vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
  std::vector<VkExtensionProperties> all(count);
  if (count > 0) instance.fn.vkEnumerateDeviceExtensionProperties(device, nullptr, &count, all.data());
  std::set<std::string> names;
  for (const auto& each : all) names.insert(each.extensionName);
  return names;
}

/// Family of the queue to use: one that computes and does not draw where there is one, so that the desktop stays
/// smooth.
int find_queue_family(const Instance& instance, VkPhysicalDevice device) {
  uint32_t count = 0;
  instance.fn.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  instance.fn.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  int found = -1;
  for (uint32_t i = 0; i < count; ++i) {
    const VkFlags flags = families[i].queueFlags;
    if (families[i].queueCount == 0 || !(flags & VK_QUEUE_COMPUTE_BIT)) continue;
    if (!(flags & VK_QUEUE_GRAPHICS_BIT)) return static_cast<int>(i);
    if (found < 0) found = static_cast<int>(i);
  }
  return found;
}

bool has_matrix_shape(const Instance& instance, VkPhysicalDevice device) {
  const auto list = instance.fn.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR;
  if (!list) return false;
  uint32_t count = 0;
  list(device, &count, nullptr);
  std::vector<VkCooperativeMatrixPropertiesKHR> shapes(count);
  for (auto& shape : shapes) {
    shape = structure<VkCooperativeMatrixPropertiesKHR>(VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR);
  }
  if (count > 0) list(device, &count, shapes.data());
  return std::ranges::any_of(shapes, [](const auto& s) {
    return s.MSize == 16 && s.NSize == 16 && s.KSize == 16 && s.AType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
           s.BType == VK_COMPONENT_TYPE_FLOAT16_KHR && s.CType == VK_COMPONENT_TYPE_FLOAT32_KHR &&
           s.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR && s.scope == VK_SCOPE_SUBGROUP_KHR;
  });
}

/// Fills in what chained structures tell. Those of extensions that are absent stay zero.
void read_features(const Instance& instance, VkPhysicalDevice device, const std::set<std::string>& extensions,
                   uint32_t version, Facts& facts) {
  auto features = structure<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  auto vulkan12 = structure<VkPhysicalDeviceVulkan12Features>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
  auto dot =
      structure<VkPhysicalDeviceShaderIntegerDotProductFeatures>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES);
  auto matrix =
      structure<VkPhysicalDeviceCooperativeMatrixFeaturesKHR>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR);
  features.pNext = &vulkan12;
  void** next = &vulkan12.pNext;
  const auto chain = [&](auto& structure) {
    *next = &structure;
    next = &structure.pNext;
  };
  if (extensions.contains("VK_KHR_shader_integer_dot_product")) chain(dot);
  if (extensions.contains("VK_KHR_cooperative_matrix")) chain(matrix);
  instance.fn.vkGetPhysicalDeviceFeatures2(device, &features);

  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  auto dots =
      structure<VkPhysicalDeviceShaderIntegerDotProductProperties>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_PROPERTIES);
  if (dot.shaderIntegerDotProduct) {
    properties.pNext = &dots;
    instance.fn.vkGetPhysicalDeviceProperties2(device, &properties);
  }

  facts.float16 = vulkan12.shaderFloat16;
  facts.integer_dot = dot.shaderIntegerDotProduct;
  facts.integer_dot_fast = dots.packed4x8Signed;
  facts.memory_budget = extensions.contains("VK_EXT_memory_budget");
  facts.cooperative_matrix = matrix.cooperativeMatrix && vulkan12.shaderFloat16 && vulkan12.vulkanMemoryModel &&
                             has_matrix_shape(instance, device);
  std::string& unusable = facts.shown.unusable;
  if (version < (1u << 22 | 2u << 12)) {
    unusable = "its driver has Vulkan " + version_text(version) + ", Hone needs 1.2";
  } else if (!vulkan12.bufferDeviceAddress) {
    unusable = "its driver lacks buffer device addresses, which Hone needs";
  } else if (!vulkan12.timelineSemaphore) {
    unusable = "its driver lacks timeline semaphores, which Hone needs";
  }
}

void read_memory(const Instance& instance, VkPhysicalDevice device, Facts& facts) {
  auto memory = structure<VkPhysicalDeviceMemoryProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2);
  instance.fn.vkGetPhysicalDeviceMemoryProperties2(device, &memory);
  facts.memory = memory.memoryProperties;
  for (uint32_t i = 0; i < facts.memory.memoryHeapCount; ++i) {
    const VkMemoryHeap& heap = facts.memory.memoryHeaps[i];
    if (heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) {
      facts.shown.memory_bytes = std::max<size_t>(facts.shown.memory_bytes, heap.size);
    }
  }
}

}  // namespace

size_t free_memory(const Instance& instance, VkPhysicalDevice device, const Facts& facts) {
  if (!facts.memory_budget) return facts.shown.memory_bytes;
  auto budget =
      structure<VkPhysicalDeviceMemoryBudgetPropertiesEXT>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT);
  auto memory = structure<VkPhysicalDeviceMemoryProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2);
  memory.pNext = &budget;
  instance.fn.vkGetPhysicalDeviceMemoryProperties2(device, &memory);
  size_t largest = 0;
  for (uint32_t i = 0; i < memory.memoryProperties.memoryHeapCount; ++i) {
    if (!(memory.memoryProperties.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT)) continue;
    const size_t budgeted = budget.heapBudget[i], used = budget.heapUsage[i];
    largest = std::max(largest, budgeted > used ? budgeted - used : 0);
  }
  return largest;
}

Facts read_facts(const Instance& instance, VkPhysicalDevice device, size_t index) {
  Facts facts;
  VulkanDevice& shown = facts.shown;
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  instance.fn.vkGetPhysicalDeviceProperties2(device, &properties);
  const uint32_t version = properties.properties.apiVersion;
  const auto extensions = extensions_of(instance, device);
  const bool modern = version >= (1u << 22 | 2u << 12);
  auto vulkan11 =
      structure<VkPhysicalDeviceVulkan11Properties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES);
  auto vulkan12 =
      structure<VkPhysicalDeviceVulkan12Properties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES);
  auto sizes =
      structure<VkPhysicalDeviceSubgroupSizeControlProperties>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES);
  if (modern) {
    properties.pNext = &vulkan11;
    vulkan11.pNext = &vulkan12;
    if (extensions.contains("VK_EXT_subgroup_size_control")) vulkan12.pNext = &sizes;
    instance.fn.vkGetPhysicalDeviceProperties2(device, &properties);
  }
  const VkPhysicalDeviceLimits& limits = properties.properties.limits;

  shown.index = index;
  shown.name = properties.properties.deviceName;
  shown.driver = std::string(vulkan12.driverName) + (*vulkan12.driverInfo ? " " : "") + vulkan12.driverInfo;
  shown.kind = kind_of(properties.properties.deviceType);
  shown.api = version_text(version);
  shown.vendor_id = properties.properties.vendorID;
  shown.device_id = properties.properties.deviceID;
  facts.subgroup = std::max(1u, vulkan11.subgroupSize);
  shown.least_subgroup = sizes.minSubgroupSize ? sizes.minSubgroupSize : facts.subgroup;
  shown.most_subgroup = sizes.maxSubgroupSize ? sizes.maxSubgroupSize : facts.subgroup;
  facts.most_groups_x = limits.maxComputeWorkGroupCount[0];
  facts.most_groups_y = limits.maxComputeWorkGroupCount[1];
  facts.shared_memory = limits.maxComputeSharedMemorySize;
  facts.largest_allocation = vulkan11.maxMemoryAllocationSize;
  facts.subgroup_arithmetic = (vulkan11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT) &&
                              (vulkan11.subgroupSupportedOperations & VK_SUBGROUP_FEATURE_ARITHMETIC_BIT) &&
                              facts.subgroup >= 4 && shown.most_subgroup <= 128;
  read_memory(instance, device, facts);
  read_features(instance, device, extensions, version, facts);
  shown.free_bytes = free_memory(instance, device, facts);

  const int family = find_queue_family(instance, device);
  facts.queue_family = static_cast<uint32_t>(std::max(0, family));
  if (shown.unusable.empty()) {
    if (family < 0) {
      shown.unusable = "it has no queue for computing";
    } else if (facts.shared_memory < kSharedMemory || limits.maxComputeWorkGroupInvocations < 256) {
      shown.unusable = "its workgroups are too small: " + std::to_string(facts.shared_memory) + " bytes and " +
                       std::to_string(limits.maxComputeWorkGroupInvocations) + " threads, Hone needs " +
                       std::to_string(kSharedMemory) + " and 256";
    }
  }
  if (facts.subgroup_arithmetic) shown.features.emplace_back("subgroup arithmetic");
  if (facts.integer_dot) {
    shown.features.emplace_back(facts.integer_dot_fast ? "integer dot product" : "integer dot product (emulated)");
  }
  if (facts.cooperative_matrix) shown.features.emplace_back("cooperative matrix (off)");
  return facts;
}

}  // namespace hone::vulkan

namespace hone {

std::vector<VulkanDevice> list_vulkan_devices() {
  const auto instance = vulkan::Instance::open();
  std::vector<VulkanDevice> list;
  for (const auto device : instance->devices()) {
    list.push_back(vulkan::read_facts(*instance, device, list.size()).shown);
  }
  return list;
}

size_t best_vulkan_device(bool software) {
  const auto rank = [](const VulkanDevice& device) {
    const int kind = device.kind == "discrete" ? 4 : device.kind == "integrated" ? 3 : device.kind == "virtual" ? 2
                   : device.kind == "other"    ? 1
                                               : 0;
    return std::pair(kind, device.memory_bytes);
  };
  std::vector<VulkanDevice> devices = list_vulkan_devices();
  std::string reasons;
  std::erase_if(devices, [&](const VulkanDevice& device) {
    const bool emulated = device.kind == "cpu" && !software;
    if (device.unusable.empty() && !emulated) return false;
    reasons += (reasons.empty() ? "" : "; ") + device.name + ": " +
               (emulated ? "it computes in software, on the CPU" : device.unusable);
    return true;
  });
  if (devices.empty()) {
    throw Error("vulkan.absent", "no GPU of this machine can be used (" + reasons + ")",
                "Hone computes on the CPU.");
  }
  return std::ranges::max_element(devices, {}, rank)->index;
}

}  // namespace hone
