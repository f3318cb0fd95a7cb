#include "backend/vulkan/instance.h"

#include "backend/vulkan/library.h"
#include "backend/vulkan/vulkan.h"
#include "core/error.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace hone::vulkan {
namespace {

using namespace api;

constexpr uint32_t kVersion12 = 1u << 22 | 2u << 12;
constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

struct Messages {
  std::mutex mutex;
  std::vector<std::string> list;
};

/// Never destroyed: a device that lives until the program ends may still be listened to then.
Messages& messages() {
  static Messages& all = *new Messages;
  return all;
}

VkBool32 note(VkFlags, VkFlags, const VkDebugUtilsMessengerCallbackDataEXT* data, void*) {
  const std::lock_guard lock(messages().mutex);
  messages().list.emplace_back(data->pMessage ? data->pMessage : "a message without text");
  return 0;
}

bool validation_wanted() {
  const char* value = std::getenv("HONE_VULKAN_VALIDATION");
  return value && *value && std::strcmp(value, "0") != 0;
}

bool has_layer(const GlobalFunctions& global, const char* name) {
  uint32_t count = 0;
  global.vkEnumerateInstanceLayerProperties(&count, nullptr);
  std::vector<VkLayerProperties> layers(count);
  global.vkEnumerateInstanceLayerProperties(&count, layers.data());
  return std::ranges::any_of(layers, [&](const auto& layer) { return std::strcmp(layer.layerName, name) == 0; });
}

bool has_extension(const GlobalFunctions& global, const char* name) {
  uint32_t count = 0;
  global.vkEnumerateInstanceExtensionProperties(nullptr, &count, nullptr);
  std::vector<VkExtensionProperties> all(count);
  global.vkEnumerateInstanceExtensionProperties(nullptr, &count, all.data());
  return std::ranges::any_of(all, [&](const auto& each) { return std::strcmp(each.extensionName, name) == 0; });
}

constexpr const char* kDebugUtils = "VK_EXT_debug_utils";
constexpr const char* kPortability = "VK_KHR_portability_enumeration";  // where MoltenVK lists its devices

}  // namespace

std::shared_ptr<Instance> Instance::open() {
  static std::mutex mutex;
  static std::weak_ptr<Instance> shared;
  const std::lock_guard lock(mutex);
  auto instance = shared.lock();
  if (!instance) shared = instance = std::make_shared<Instance>(load_library());
  return instance;
}

Instance::Instance(const GlobalFunctions& global) {
  uint32_t version = 0;
  global.vkEnumerateInstanceVersion(&version);
  if (version < kVersion12) {
    throw Error("vulkan.absent",
                "the Vulkan loader of this machine has version 1." + std::to_string(version >> 12 & 1023) +
                    ", Hone needs 1.2",
                "Update the graphics driver, or compute on the CPU.");
  }
  const VkApplicationInfo application{.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                      .pNext = nullptr,
                                      .pApplicationName = "Hone",
                                      .applicationVersion = 1,
                                      .pEngineName = "Hone",
                                      .engineVersion = 1,
                                      .apiVersion = kVersion12};
  auto info = structure<VkInstanceCreateInfo>(VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO);
  info.pApplicationInfo = &application;
  std::vector<const char*> extensions, layers;
  if (has_extension(global, kPortability)) {
    extensions.push_back(kPortability);
    info.flags = 1;  // VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR
  }
  validated = validation_wanted() && has_layer(global, kValidationLayer);
  const int32_t synchronisation = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
  VkValidationFeaturesEXT validation{};
  auto listener =
      structure<VkDebugUtilsMessengerCreateInfoEXT>(VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
  listener.messageSeverity =
      VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  listener.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT;
  listener.pfnUserCallback = note;
  if (validated) {
    layers.push_back(kValidationLayer);
    extensions.push_back(kDebugUtils);
    validation.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT;
    validation.pNext = &listener;  // listens to the making and the end of the instance as well
    validation.enabledValidationFeatureCount = 1;
    validation.pEnabledValidationFeatures = &synchronisation;
    info.pNext = &validation;
  }
  info.enabledLayerCount = static_cast<uint32_t>(layers.size());
  info.ppEnabledLayerNames = layers.data();
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  const VkResult result = global.vkCreateInstance(&info, nullptr, &handle);
  if (result != VK_SUCCESS) {
    throw Error("vulkan.absent", "Vulkan does not start on this machine (" + result_name(result) + ")",
                "No graphics driver with Vulkan seems to be installed. Hone computes on the CPU.");
  }
#define HONE_VULKAN_LOAD(name, result, parameters) \
  fn.name = reinterpret_cast<decltype(fn.name)>(global.vkGetInstanceProcAddr(handle, #name));
  HONE_VULKAN_INSTANCE_FUNCTIONS(HONE_VULKAN_LOAD)
  HONE_VULKAN_OPTIONAL_FUNCTIONS(HONE_VULKAN_LOAD)
#undef HONE_VULKAN_LOAD
  if (validated && fn.vkCreateDebugUtilsMessengerEXT) {
    fn.vkCreateDebugUtilsMessengerEXT(handle, &listener, nullptr, &messenger_);
  }
}

Instance::~Instance() {
  if (messenger_) fn.vkDestroyDebugUtilsMessengerEXT(handle, messenger_, nullptr);
  fn.vkDestroyInstance(handle, nullptr);
}

std::vector<VkPhysicalDevice> Instance::devices() const {
  uint32_t count = 0;
  fn.vkEnumeratePhysicalDevices(handle, &count, nullptr);
  std::vector<VkPhysicalDevice> devices(count);
  if (count > 0) fn.vkEnumeratePhysicalDevices(handle, &count, devices.data());
  devices.resize(count);
  if (devices.empty()) {
    throw Error("vulkan.absent", "Vulkan is installed but finds no device",
                "Install the graphics driver of your GPU, or compute on the CPU.");
  }
  return devices;
}

std::string result_name(VkResult result) {
  switch (result) {
    case VK_ERROR_OUT_OF_HOST_MEMORY: return "out of host memory";
    case VK_ERROR_OUT_OF_DEVICE_MEMORY: return "out of device memory";
    case VK_ERROR_INITIALIZATION_FAILED: return "initialisation failed";
    case VK_ERROR_DEVICE_LOST: return "device lost";
    case VK_ERROR_LAYER_NOT_PRESENT: return "a layer is not there";
    case VK_ERROR_EXTENSION_NOT_PRESENT: return "an extension is not there";
    case VK_ERROR_FEATURE_NOT_PRESENT: return "a feature is not there";
    case VK_ERROR_INCOMPATIBLE_DRIVER: return "no driver fits";
    case VK_ERROR_TOO_MANY_OBJECTS: return "too many objects";
    default: return "result " + std::to_string(static_cast<int>(result));
  }
}

}  // namespace hone::vulkan

namespace hone {

std::vector<std::string> vulkan_validation_messages() {
  const std::lock_guard lock(vulkan::messages().mutex);
  return vulkan::messages().list;
}

}  // namespace hone
