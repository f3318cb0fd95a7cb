#include "backend/vulkan/device.h"

#include "core/error.h"

#include <cstring>
#include <map>
#include <utility>

namespace hone::vulkan {

using namespace api;

std::shared_ptr<Device> Device::open(size_t index) {
  static std::mutex mutex;
  static std::map<size_t, std::weak_ptr<Device>> opened;
  const std::lock_guard lock(mutex);
  if (auto device = opened[index].lock(); device && !device->lost()) return device;
  auto instance = Instance::open();
  const auto devices = instance->devices();
  if (index >= devices.size()) {
    throw Error("vulkan.absent",
                "there is no Vulkan device number " + std::to_string(index) + "; this machine has " +
                    std::to_string(devices.size()),
                "Choose one of the listed devices, or compute on the CPU.");
  }
  Facts facts = read_facts(*instance, devices[index], index);
  if (!facts.shown.unusable.empty()) {
    throw Error("vulkan.unusable", facts.shown.name + " cannot be used: " + facts.shown.unusable,
                "Update its driver, choose another device, or compute on the CPU.");
  }
  auto device = std::make_shared<Device>(std::move(instance), devices[index], std::move(facts));
  opened[index] = device;
  return device;
}

Device::Device(std::shared_ptr<Instance> instance, VkPhysicalDevice physical, Facts facts)
    : instance_(std::move(instance)),
      physical_(physical),
      facts_(std::move(facts)),
      handle(make(facts_)),
      memory(*this),
      pipelines(*this) {}

Device::~Device() {
  fn.vkDeviceWaitIdle(handle);
  pipelines.clear();
  memory.clear();
  fn.vkDestroyDevice(handle, nullptr);
}

VkDevice Device::make(const Facts& facts) {
  std::vector<const char*> extensions;
  auto features = structure<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  auto vulkan12 = structure<VkPhysicalDeviceVulkan12Features>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
  vulkan12.bufferDeviceAddress = 1;
  vulkan12.timelineSemaphore = 1;
  vulkan12.shaderFloat16 = facts.float16;
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
  if (facts.integer_dot) {
    extensions.push_back("VK_KHR_shader_integer_dot_product");
    dot.shaderIntegerDotProduct = 1;
    chain(dot);
  }
  if (facts.cooperative_matrix) {
    extensions.push_back("VK_KHR_cooperative_matrix");
    matrix.cooperativeMatrix = 1;
    vulkan12.vulkanMemoryModel = 1;
    chain(matrix);
  }
  uint32_t count = 0;
  instance_->fn.vkEnumerateDeviceExtensionProperties(physical_, nullptr, &count, nullptr);
  std::vector<VkExtensionProperties> present(count);
  instance_->fn.vkEnumerateDeviceExtensionProperties(physical_, nullptr, &count, present.data());
  for (const auto& each : present) {  // must be asked for where it is there: MoltenVK
    if (std::strcmp(each.extensionName, "VK_KHR_portability_subset") == 0) extensions.push_back(each.extensionName);
  }

  const float priority = 0.5f;
  auto queue = structure<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
  queue.queueFamilyIndex = facts.queue_family;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  auto info = structure<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO);
  info.pNext = &features;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  VkDevice device = nullptr;
  const VkResult result = instance_->fn.vkCreateDevice(physical_, &info, nullptr, &device);
  if (result != VK_SUCCESS) {
    throw Error("vulkan.unusable", facts.shown.name + " does not open (" + result_name(result) + ")",
                "Close other programs that use the GPU, update its driver, or compute on the CPU.");
  }
#define HONE_VULKAN_LOAD(name, result, parameters) \
  fn.name = reinterpret_cast<decltype(fn.name)>(instance_->fn.vkGetDeviceProcAddr(device, #name));
  HONE_VULKAN_DEVICE_FUNCTIONS(HONE_VULKAN_LOAD)
#undef HONE_VULKAN_LOAD
  fn.vkGetDeviceQueue(device, facts.queue_family, 0, &queue_);
  return device;
}

VkResult Device::submit(const VkSubmitInfo& info) {
  const std::lock_guard lock(queue_mutex_);
  return fn.vkQueueSubmit(queue_, 1, &info, 0);
}

void Device::check(VkResult result, std::string_view doing) const {
  if (result >= 0) return;
  if (result == VK_ERROR_DEVICE_LOST) {
    lost_ = true;
    throw_lost();
  }
  const std::string text = facts_.shown.name + " failed while " + std::string(doing) + ": " + result_name(result);
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY) {
    throw Error("memory.exhausted", text, "Close other programs, shorten the context, or choose a smaller model.");
  }
  throw Error("vulkan.failed", text, "Update the graphics driver, or compute on the CPU.");
}

void Device::throw_lost() const {
  throw Error("vulkan.device-lost",
              facts_.shown.name + " stopped answering: it was reset, unplugged, or its driver failed",
              "Continue the run from its checkpoint, on the GPU or on the CPU. Update the driver if it happens again.");
}

}  // namespace hone::vulkan
