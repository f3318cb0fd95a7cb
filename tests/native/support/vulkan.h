#pragma once

#include "backend/vulkan/vulkan.h"

#include <memory>

namespace hone::test {

/// A Vulkan backend for a test: on the best GPU, or on the device computed in software where there is no other.
/// HONE_VULKAN_TEST_DEVICE names another one by its number. Nothing on a machine without Vulkan, which is said once.
/// With HONE_VULKAN_VALIDATION=1 a test fails when the validation layers have something to say.
std::unique_ptr<Backend> vulkan_for_tests(const VulkanOptions& options = {});

}  // namespace hone::test
