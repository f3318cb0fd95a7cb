#include "backend/vulkan/recorder.h"

#include "core/error.h"

#include <algorithm>
#include <cstring>

namespace hone::vulkan {

using namespace api;

namespace {

constexpr size_t kBatch = 192;        ///< commands
constexpr size_t kRecordings = 64;    ///< kept at most
constexpr uint64_t kPatience = 5'000'000'000;  ///< nanoseconds between two looks at a device that works

constexpr VkFlags kStages = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkFlags kWrites = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
constexpr VkFlags kAll =
    kWrites | VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;

}  // namespace

Recorder::Recorder(std::shared_ptr<Device> device, const VulkanOptions& options)
    : device_(std::move(device)), reverse_(options.reverse), lose_after_(options.lose_after) {
  auto pool = structure<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
  pool.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
  pool.queueFamilyIndex = device_->facts().queue_family;
  device_->check(device_->fn.vkCreateCommandPool(device_->handle, &pool, nullptr, &pool_), "making a command pool");
  auto type = structure<VkSemaphoreTypeCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO);
  type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
  auto semaphore = structure<VkSemaphoreCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO);
  semaphore.pNext = &type;
  device_->check(device_->fn.vkCreateSemaphore(device_->handle, &semaphore, nullptr, &timeline_), "making a semaphore");
}

Recorder::~Recorder() {
  try {
    finish();
  } catch (const Error&) {
    // Lost or out of memory: whoever waits for results has been told, and there is nothing left to wait for.
  }
  device_->fn.vkDestroySemaphore(device_->handle, timeline_, nullptr);
  device_->fn.vkDestroyCommandPool(device_->handle, pool_, nullptr);
}

void Recorder::dispatch(VkPipeline pipeline, std::array<uint32_t, 3> groups, const void* parameters, size_t bytes,
                        std::initializer_list<Access> accesses) {
  ensure(bytes <= kParameterBytes, "a shader with too many parameters");
  if (groups[0] == 0 || groups[1] == 0 || groups[2] == 0) return;
  Command command{};
  command.pipeline = pipeline;
  command.groups = groups;
  command.parameter_bytes = static_cast<uint32_t>(bytes);
  std::memcpy(command.parameters.data(), parameters, bytes);
  ++work_.dispatches;
  add(command, accesses);
}

void Recorder::copy(const Piece& from, size_t from_offset, const Piece& to, size_t to_offset, size_t bytes) {
  Command command{};
  command.from = from.buffer;
  command.to = to.buffer;
  command.from_offset = from.offset + from_offset;
  command.to_offset = to.offset + to_offset;
  command.bytes = bytes;
  add(command, {{from.address + from_offset, from.address + from_offset + bytes, false},
                {to.address + to_offset, to.address + to_offset + bytes, true}});
}

bool Recorder::conflicts(std::initializer_list<Access> accesses) const {
  for (const Access& now : accesses) {
    for (const Access& before : touched_) {
      if ((now.write || before.write) && now.begin < before.end && before.begin < now.end) return true;
    }
  }
  return false;
}

void Recorder::add(Command& command, std::initializer_list<Access> accesses) {
  if (device_->lost()) device_->throw_lost();
  // The first command of a batch comes after all batches before.
  if (pending_.empty() || conflicts(accesses)) {
    command.barrier = 1;
    touched_.clear();
    ++work_.barriers;
  }
  touched_.insert(touched_.end(), accesses.begin(), accesses.end());
  pending_.push_back(command);
  if (pending_.size() >= kBatch) flush();
}

void Recorder::flush() {
  if (pending_.empty()) return;
  if (lose_after_ > 0 && submitted_ >= lose_after_) device_->throw_lost();
  uint64_t hash = 0xcbf29ce484222325ULL;
  const auto* words = reinterpret_cast<const uint64_t*>(pending_.data());
  static_assert(sizeof(Command) % sizeof(uint64_t) == 0 && std::is_trivially_copyable_v<Command>);
  for (size_t i = 0; i < pending_.size() * sizeof(Command) / sizeof(uint64_t); ++i) {
    hash = (hash ^ words[i]) * 0x100000001b3ULL;
    hash ^= hash >> 29;
  }
  Recording& recording = recording_of(hash);
  pending_.clear();
  touched_.clear();

  const uint64_t value = submitted_ + 1;
  auto timeline = structure<VkTimelineSemaphoreSubmitInfo>(VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO);
  timeline.signalSemaphoreValueCount = 1;
  timeline.pSignalSemaphoreValues = &value;
  auto info = structure<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
  info.pNext = &timeline;
  info.commandBufferCount = 1;
  info.pCommandBuffers = &recording.buffer;
  info.signalSemaphoreCount = 1;
  info.pSignalSemaphores = &timeline_;
  device_->check(device_->submit(info), "submitting work");
  submitted_ = recording.value = value;
  in_flight_ = true;
  ++work_.batches;
}

void Recorder::finish() {
  try {
    flush();
  } catch (const Error&) {
    // What was submitted before still uses memory that the caller may be about to give back.
    wait();
    throw;
  }
  wait();
}

void Recorder::wait() {
  if (!in_flight_) return;
  auto info = structure<VkSemaphoreWaitInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO);
  info.semaphoreCount = 1;
  info.pSemaphores = &timeline_;
  info.pValues = &submitted_;
  VkResult result = VK_TIMEOUT;
  while (result == VK_TIMEOUT) result = device_->fn.vkWaitSemaphores(device_->handle, &info, kPatience);
  in_flight_ = false;
  device_->check(result, "computing");
}

uint64_t Recorder::done() const {
  uint64_t value = 0;
  device_->check(device_->fn.vkGetSemaphoreCounterValue(device_->handle, timeline_, &value), "looking at its progress");
  return value;
}

Recorder::Recording& Recorder::recording_of(uint64_t hash) {
  const auto [begin, end] = recordings_.equal_range(hash);
  for (auto at = begin; at != end; ++at) {
    Recording& recording = *at->second;
    if (recording.commands.size() != pending_.size() ||
        std::memcmp(recording.commands.data(), pending_.data(), pending_.size() * sizeof(Command)) != 0) {
      continue;
    }
    ++work_.replayed;
    return recording;
  }
  Recording& recording = place_for_recording(hash);
  recording.commands = pending_;
  record(recording);
  return recording;
}

/// A new one, or that which was not used for the longest time.
Recorder::Recording& Recorder::place_for_recording(uint64_t hash) {
  auto recording = std::make_unique<Recording>();
  if (recordings_.size() >= kRecordings) {
    const auto oldest = std::ranges::min_element(
        recordings_, {}, [](const auto& each) { return each.second->value; });
    if (oldest->second->value > done()) {
      VkSemaphoreWaitInfo info{};
      info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO;
      info.semaphoreCount = 1;
      info.pSemaphores = &timeline_;
      info.pValues = &oldest->second->value;
      VkResult result = VK_TIMEOUT;
      while (result == VK_TIMEOUT) result = device_->fn.vkWaitSemaphores(device_->handle, &info, kPatience);
      device_->check(result, "computing");
    }
    recording = std::move(oldest->second);
    recordings_.erase(oldest);
  } else {
    VkCommandBufferAllocateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
    info.commandPool = pool_;
    info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    info.commandBufferCount = 1;
    device_->check(device_->fn.vkAllocateCommandBuffers(device_->handle, &info, &recording->buffer),
                   "making a command buffer");
  }
  return *recordings_.emplace(hash, std::move(recording))->second;
}

void Recorder::record(const Recording& recording) {
  const auto& fn = device_->fn;
  auto begin = structure<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
  begin.flags = VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT;
  device_->check(fn.vkBeginCommandBuffer(recording.buffer, &begin), "recording work");
  auto barrier = structure<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
  barrier.srcAccessMask = kWrites;
  barrier.dstAccessMask = kAll;
  const auto& commands = recording.commands;
  for (size_t first = 0, last = 0; first < commands.size(); first = last) {
    fn.vkCmdPipelineBarrier(recording.buffer, kStages, kStages, 0, 1, &barrier, 0, nullptr, 0, nullptr);
    for (last = first + 1; last < commands.size() && !commands[last].barrier;) ++last;
    for (size_t i = first; i < last; ++i) record(recording.buffer, commands[reverse_ ? last - 1 - (i - first) : i]);
  }
  barrier.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
  fn.vkCmdPipelineBarrier(recording.buffer, kStages, VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &barrier, 0, nullptr, 0,
                          nullptr);
  device_->check(fn.vkEndCommandBuffer(recording.buffer), "recording work");
}

void Recorder::record(VkCommandBuffer buffer, const Command& command) const {
  const auto& fn = device_->fn;
  if (!command.pipeline) {
    const VkBufferCopy region{
        .srcOffset = command.from_offset, .dstOffset = command.to_offset, .size = command.bytes};
    fn.vkCmdCopyBuffer(buffer, command.from, command.to, 1, &region);
    return;
  }
  fn.vkCmdBindPipeline(buffer, VK_PIPELINE_BIND_POINT_COMPUTE, command.pipeline);
  fn.vkCmdPushConstants(buffer, device_->pipelines.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, command.parameter_bytes,
                        command.parameters.data());
  fn.vkCmdDispatch(buffer, command.groups[0], command.groups[1], command.groups[2]);
}

}  // namespace hone::vulkan
