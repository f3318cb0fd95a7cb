#pragma once

#include "backend/vulkan/api.h"

namespace hone::vulkan {

/// Opens the Vulkan loader of this machine and finds its global functions. It stays open until the process ends.
/// HONE_VULKAN_LIBRARY names another file; "none" stands for a machine without Vulkan.
/// Throws Error "vulkan.absent".
const api::GlobalFunctions& load_library();

}  // namespace hone::vulkan
