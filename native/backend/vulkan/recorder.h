#pragma once

#include "backend/vulkan/device.h"
#include "backend/vulkan/vulkan.h"

#include <array>
#include <initializer_list>
#include <memory>
#include <unordered_map>
#include <vector>

namespace hone::vulkan {

/// Addresses [begin, end) that a command reads or writes.
struct Access {
  uint64_t begin = 0, end = 0;
  bool write = false;
};

/// The commands of one backend on their way to the device.
///
/// Commands are collected, in batches of at most some hundred. A barrier is set only before a command that touches what
/// an earlier one wrote, or writes what it touched; independent ones may run side by side. A full batch is submitted
/// without waiting, so the device works while the host goes on. A batch whose commands are the same, number for number,
/// as those of one recorded before (a training step of a shape that was seen) is not recorded again: the old recording
/// is submitted once more.
class Recorder {
 public:
  Recorder(std::shared_ptr<Device> device, const VulkanOptions& options);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  Device& device() const noexcept { return *device_; }

  /// Runs `pipeline` with `groups` workgroups and at most kParameterBytes of parameters.
  void dispatch(api::VkPipeline pipeline, std::array<uint32_t, 3> groups, const void* parameters, size_t bytes,
                std::initializer_list<Access> accesses);

  void copy(const Piece& from, size_t from_offset, const Piece& to, size_t to_offset, size_t bytes);

  /// Hands over what was collected. Begins a new batch.
  void flush();

  /// Returns when the device has done everything. Throws "vulkan.device-lost" when it never will.
  void finish();

  bool idle() const noexcept { return pending_.empty() && !in_flight_; }
  const VulkanWork& work() const noexcept { return work_; }

 private:
  /// For what was submitted.
  void wait();

  /// Either a dispatch or a copy. Compared byte by byte, so it has no padding and starts as zeros.
  struct Command {
    api::VkPipeline pipeline;  ///< 0: a copy
    uint64_t from, to;         ///< buffers of a copy
    uint64_t from_offset, to_offset, bytes;
    std::array<uint32_t, 3> groups;
    uint32_t parameter_bytes;
    uint64_t barrier;  ///< 1: after everything before it
    std::array<std::byte, kParameterBytes> parameters;
  };

  struct Recording {
    std::vector<Command> commands;
    api::VkCommandBuffer buffer = nullptr;
    uint64_t value = 0;  ///< of the timeline when its last submission is done
  };

  void add(Command& command, std::initializer_list<Access> accesses);
  bool conflicts(std::initializer_list<Access> accesses) const;
  Recording& recording_of(uint64_t hash);
  Recording& place_for_recording(uint64_t hash);
  void record(const Recording& recording);
  void record(api::VkCommandBuffer buffer, const Command& command) const;
  uint64_t done() const;

  std::shared_ptr<Device> device_;
  bool reverse_;
  uint64_t lose_after_;
  api::VkCommandPool pool_ = 0;
  api::VkSemaphore timeline_ = 0;
  uint64_t submitted_ = 0;  ///< value of the timeline after the last submission
  bool in_flight_ = false;
  std::vector<Command> pending_;
  std::vector<Access> touched_;  ///< since the last barrier
  std::unordered_multimap<uint64_t, std::unique_ptr<Recording>> recordings_;
  VulkanWork work_;
};

}  // namespace hone::vulkan
