#include "support/vulkan.h"

#include "support/test.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace hone::test {
namespace {

/// The device, and a backend that keeps it open (and its shaders compiled) for the whole program.
struct TestDevice {
  std::optional<size_t> index;
  std::unique_ptr<Backend> keeper;

  TestDevice() {
    try {
      const char* chosen = std::getenv("HONE_VULKAN_TEST_DEVICE");
      index = chosen && *chosen ? std::stoul(chosen) : best_vulkan_device(true);
      keeper = make_vulkan_backend(*index);
      report("Vulkan is tested on " + list_vulkan_devices()[*index].name);
    } catch (const Error& error) {
      index.reset();
      report(std::string("the Vulkan backend is not tested: ") + error.what());
    }
  }
};

const AfterEach no_messages([] {
  static size_t known = 0;
  const std::vector<std::string> messages = vulkan_validation_messages();
  if (messages.size() == known) return;
  const std::string first = messages[known];
  known = messages.size();
  throw Failure("the Vulkan validation layers say: " + first);
});

}  // namespace

std::unique_ptr<Backend> vulkan_for_tests(const VulkanOptions& options) {
  static const TestDevice device;
  return device.index ? make_vulkan_backend(*device.index, options) : nullptr;
}

}  // namespace hone::test
