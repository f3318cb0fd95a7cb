#include "backend/vulkan/memory.h"

#include "backend/vulkan/device.h"
#include "core/error.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace hone::vulkan {

using namespace api;

struct Block {
  Use use;
  VkDeviceMemory memory = 0;
  VkBuffer buffer = 0;
  size_t bytes = 0;
  uint64_t address = 0;
  std::byte* mapped = nullptr;
  std::map<size_t, size_t> gaps;  ///< offset -> bytes, never touching each other
};

namespace {

constexpr size_t kAlignment = 256;
constexpr size_t kBlock = size_t{64} << 20;

size_t rounded(size_t bytes) { return (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment; }

std::string megabytes(size_t bytes) { return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB"; }

/// The type with all of `needed`, most of `wanted` and little else, among those in `allowed`; -1 for none.
int choose_type(const VkPhysicalDeviceMemoryProperties& memory, uint32_t allowed, VkFlags needed, VkFlags wanted) {
  int best = -1, best_score = -1;
  for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    const VkFlags flags = memory.memoryTypes[i].propertyFlags;
    if (!(allowed >> i & 1) || (flags & needed) != needed) continue;
    const int score = 2 * __builtin_popcount(flags & wanted);
    if (score > best_score) {
      best = static_cast<int>(i);
      best_score = score;
    }
  }
  return best;
}

}  // namespace

Memory::Memory(Device& device) : device_(device) {}

Memory::~Memory() = default;

void Memory::clear() {
  const std::lock_guard lock(mutex_);
  for (const auto& block : blocks_) free_block(*block);
  blocks_.clear();
}

size_t Memory::used() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

Piece Memory::take(size_t bytes, Use use) {
  const std::lock_guard lock(mutex_);
  const VulkanDevice& shown = device_.facts().shown;
  if (bytes > device_.facts().largest_allocation || bytes > shown.memory_bytes) {
    throw Error("memory.exhausted",
                "no room for " + std::to_string(bytes) + " bytes at once on " + shown.name + ", which has " +
                    megabytes(shown.memory_bytes) + " and gives at most " +
                    megabytes(device_.facts().largest_allocation) + " in one piece",
                "Choose a smaller model, or compute on the CPU.");
  }
  const size_t size = rounded(bytes);
  const auto cut = [&](Block& block, std::map<size_t, size_t>::iterator gap) {
    const size_t offset = gap->first, rest = gap->second - size;
    block.gaps.erase(gap);
    if (rest > 0) block.gaps[offset + size] = rest;
    if (use == Use::tensors) used_ += size;
    return Piece{&block,        block.buffer,
                 offset,        size,
                 block.address + offset, block.mapped ? block.mapped + offset : nullptr};
  };
  for (const auto& block : blocks_) {
    if (block->use != use) continue;
    const auto gap = std::ranges::find_if(block->gaps, [&](const auto& each) { return each.second >= size; });
    if (gap != block->gaps.end()) return cut(*block, gap);
  }
  Block& block = make_block(std::max(size, use == Use::tensors ? kBlock : size), use, size);
  return cut(block, block.gaps.begin());
}

void Memory::give(const Piece& piece) noexcept {
  const std::lock_guard lock(mutex_);
  Block& block = *piece.block;
  if (block.use == Use::tensors) used_ -= piece.bytes;
  auto at = block.gaps.emplace(piece.offset, piece.bytes).first;
  if (const auto after = std::next(at); after != block.gaps.end() && at->first + at->second == after->first) {
    at->second += after->second;
    block.gaps.erase(after);
  }
  if (at != block.gaps.begin()) {
    const auto before = std::prev(at);
    if (before->first + before->second == at->first) {
      before->second += at->second;
      block.gaps.erase(at);
    }
  }
  const bool empty = block.gaps.size() == 1 && block.gaps.begin()->second == block.bytes;
  if (!empty) return;
  // One empty block of the usual size stays, so that short lives cost nothing.
  const auto is_spare = [&](const auto& other) {
    return other.get() != &block && other->use == block.use && other->bytes == kBlock && other->gaps.size() == 1 &&
           other->gaps.begin()->second == other->bytes;
  };
  if (block.bytes == kBlock && std::ranges::none_of(blocks_, is_spare)) return;
  free_block(block);
  std::erase_if(blocks_, [&](const auto& each) { return each.get() == &block; });
}

void Memory::refuse(size_t asked) const {
  const VulkanDevice& shown = device_.facts().shown;
  throw Error("memory.exhausted",
              "no room for " + std::to_string(asked) + " bytes on " + shown.name + ": of its " +
                  megabytes(shown.memory_bytes) + " Hone holds " + megabytes(used_) + " and " +
                  megabytes(device_.free_bytes()) + " are free",
              "Close other programs that use the GPU, shorten the context, choose a smaller model, or compute on the "
              "CPU.");
}

void Memory::free_block(Block& block) noexcept {
  device_.fn.vkDestroyBuffer(device_.handle, block.buffer, nullptr);
  device_.fn.vkFreeMemory(device_.handle, block.memory, nullptr);
}

Block& Memory::make_block(size_t bytes, Use use, size_t asked) {
  // Some drivers give more than there is and move it to the host's memory, where everything would crawl.
  const size_t budget = use == Use::tensors && device_.facts().memory_budget ? device_.free_bytes() : bytes;
  if (budget < asked) refuse(asked);
  bytes = budget < bytes ? asked : bytes;
  auto block = std::make_unique<Block>();
  block->use = use;
  block->bytes = bytes;
  auto buffer = structure<VkBufferCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO);
  buffer.size = bytes;
  buffer.usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                 VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
  const auto& fn = device_.fn;
  device_.check(fn.vkCreateBuffer(device_.handle, &buffer, nullptr, &block->buffer), "making a buffer");
  VkMemoryRequirements needs{};
  fn.vkGetBufferMemoryRequirements(device_.handle, block->buffer, &needs);

  constexpr VkFlags visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const auto& types = device_.facts().memory;
  int type = -1;
  if (use == Use::tensors) {
    // Visible to the host as well only where all of its memory is: an integrated GPU writes weights in place then.
    const VkFlags wanted = device_.facts().shown.kind == "discrete" ? 0 : visible;
    type = choose_type(types, needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, wanted);
    if (type < 0) type = choose_type(types, needs.memoryTypeBits, 0, wanted);
  } else {
    type = choose_type(types, needs.memoryTypeBits, visible,
                       use == Use::download ? VK_MEMORY_PROPERTY_HOST_CACHED_BIT : 0);
  }
  auto flags = structure<VkMemoryAllocateFlagsInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO);
  flags.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
  auto info = structure<VkMemoryAllocateInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO);
  info.pNext = &flags;
  info.allocationSize = needs.size;
  info.memoryTypeIndex = static_cast<uint32_t>(std::max(0, type));
  const VkResult result = type < 0 ? VK_ERROR_OUT_OF_DEVICE_MEMORY
                                   : fn.vkAllocateMemory(device_.handle, &info, nullptr, &block->memory);
  if (result != VK_SUCCESS) {
    fn.vkDestroyBuffer(device_.handle, block->buffer, nullptr);
    if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY && bytes > asked) return make_block(asked, use, asked);
    if (result == VK_ERROR_DEVICE_LOST) device_.check(result, "taking memory");
    refuse(asked);
  }
  device_.check(fn.vkBindBufferMemory(device_.handle, block->buffer, block->memory, 0), "placing a buffer");
  const VkBufferDeviceAddressInfo of{
      .sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO, .pNext = nullptr, .buffer = block->buffer};
  block->address = fn.vkGetBufferDeviceAddress(device_.handle, &of);
  if ((types.memoryTypes[type].propertyFlags & visible) == visible) {
    void* mapped = nullptr;
    if (fn.vkMapMemory(device_.handle, block->memory, 0, needs.size, 0, &mapped) == VK_SUCCESS) {
      block->mapped = static_cast<std::byte*>(mapped);
    }
  }
  block->gaps[0] = bytes;
  blocks_.push_back(std::move(block));
  return *blocks_.back();
}

}  // namespace hone::vulkan
