#pragma once

#include "backend/vulkan/facts.h"
#include "backend/vulkan/memory.h"
#include "backend/vulkan/pipelines.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>

namespace hone::vulkan {

/// One opened device with its queue, memory and compiled shaders. Shared by all backends on it; every member may be
/// called from any thread.
class Device {
 public:
  /// The device of this number, opened once. Errors: see make_vulkan_backend.
  static std::shared_ptr<Device> open(size_t index);

  Device(std::shared_ptr<Instance> instance, api::VkPhysicalDevice physical, Facts facts);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const Facts& facts() const noexcept { return facts_; }
  api::VkQueue queue() const noexcept { return queue_; }

  /// Queues may only be used by one thread at a time.
  api::VkResult submit(const api::VkSubmitInfo& info);

  /// Passes over success; else throws "vulkan.device-lost" or "memory.exhausted" or "vulkan.failed". `doing` completes
  /// the sentence "… failed while <doing>".
  void check(api::VkResult result, std::string_view doing) const;

  bool lost() const noexcept { return lost_; }
  [[noreturn]] void throw_lost() const;

  /// Free bytes of its own memory, as far as the driver tells.
  size_t free_bytes() const { return free_memory(*instance_, physical_, facts_); }

 private:
  api::VkDevice make(const Facts& facts);

  std::shared_ptr<Instance> instance_;
  api::VkPhysicalDevice physical_;
  Facts facts_;
  mutable std::atomic<bool> lost_ = false;
  std::mutex queue_mutex_;
  api::VkQueue queue_ = nullptr;

 public:
  api::DeviceFunctions fn;
  api::VkDevice handle = nullptr;
  Memory memory;
  Pipelines pipelines;
};

}  // namespace hone::vulkan
