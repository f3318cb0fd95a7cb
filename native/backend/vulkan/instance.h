#pragma once

#include "backend/vulkan/api.h"

#include <memory>
#include <string>
#include <vector>

namespace hone::vulkan {

/// The loaded Vulkan library and one instance. Shared: made at first use, gone with its last user.
class Instance {
 public:
  /// Throws Error "vulkan.absent" with a line that says what is missing.
  static std::shared_ptr<Instance> open();

  explicit Instance(const api::GlobalFunctions& global);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  std::vector<api::VkPhysicalDevice> devices() const;

  api::InstanceFunctions fn;
  api::VkInstance handle = nullptr;
  bool validated = false;  ///< the validation layers listen

 private:
  api::VkDebugUtilsMessengerEXT messenger_ = 0;
};

/// Name of a result as in the specification, for messages.
std::string result_name(api::VkResult result);

}  // namespace hone::vulkan
