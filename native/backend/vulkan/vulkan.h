#pragma once

#include "backend/backend.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hone {

/// A device that Vulkan offers, whether or not Hone can compute on it.
struct VulkanDevice {
  size_t index = 0;       ///< number for `make_vulkan_backend`; order of the driver, stable while nothing is plugged
  std::string name;       ///< "NVIDIA GeForce RTX 4070", "llvmpipe (LLVM 15.0.6, 256 bits)"
  std::string driver;     ///< "NVIDIA 550.54", "llvmpipe Mesa 22.3.6"
  std::string kind;       ///< "discrete", "integrated", "virtual", "cpu" (computed in software) or "other"
  std::string api;        ///< version of Vulkan: "1.3.230"
  uint32_t vendor_id = 0, device_id = 0;
  size_t memory_bytes = 0;            ///< of its own memory; of an integrated one: what it may take of the machine's
  size_t free_bytes = 0;              ///< at this moment; equals memory_bytes where the driver does not tell
  uint32_t least_subgroup = 0, most_subgroup = 0;  ///< lanes that work in step
  std::vector<std::string> features;  ///< what Hone makes use of: "subgroup arithmetic", "integer dot product", …
  std::string unusable;               ///< why Hone cannot compute on it, in a sentence; empty when it can
};

/// All devices of this machine. Throws Error "vulkan.absent" where there is no Vulkan or no device.
std::vector<VulkanDevice> list_vulkan_devices();

/// The device that a person would choose: the usable one of the best kind (discrete before integrated before virtual),
/// then with the most memory. Devices computed in software are not chosen unless `software` allows them.
/// Throws "vulkan.absent" when none is left.
size_t best_vulkan_device(bool software = false);

/// Products of frozen weights for many tokens in float16 with float32 sums, by the cooperative matrices of the device or
/// the same by plain arithmetic (slow, for tests).
enum class MatrixUnits { off, on, emulated };

struct VulkanOptions {
  /// The plain variant of every shader, whatever the device could do: for tests and for doubtful drivers.
  bool plain = false;
  /// `on` counts only where the device has them. Never yet run on such a device, so nothing switches it on by itself; the
  /// environment variable HONE_VULKAN_MATRIX=1 does.
  MatrixUnits matrix_units = MatrixUnits::off;
  /// Reverses the order of commands that no barrier separates. Results must not change: a test of the barriers.
  bool reverse = false;
  /// Submissions after which the device is treated as lost, as a rehearsal; 0 for never. Else the environment variable
  /// HONE_VULKAN_LOSE_AFTER says so.
  uint64_t lose_after = 0;
};

/// A backend on one device. Backends of one device share its memory and its compiled shaders, so tensors of one can be
/// read by another once their owner has synchronised. Work is recorded in batches, submitted without waiting, and
/// recorded batches that come again are submitted again as they are.
/// Errors: "vulkan.absent" without Vulkan or without a device of this number, "vulkan.unusable" for a device that lacks
/// what Hone needs, and at any later call "vulkan.device-lost" (the device was reset, unplugged or its driver failed:
/// the backend is of no more use) and "memory.exhausted" with the numbers.
std::unique_ptr<Backend> make_vulkan_backend(size_t device, const VulkanOptions& options = {});

/// True for backends made above.
bool is_vulkan(const Backend& backend) noexcept;

/// How much was recorded and submitted by a backend so far, to see that batches are used again.
struct VulkanWork {
  uint64_t dispatches = 0, barriers = 0, batches = 0, replayed = 0;
};
VulkanWork vulkan_work(const Backend& backend);

/// What the validation layers had to say in this process, oldest first. They are switched on by the environment
/// variable HONE_VULKAN_VALIDATION=1 where they are installed (synchronisation validation included).
std::vector<std::string> vulkan_validation_messages();

}  // namespace hone
