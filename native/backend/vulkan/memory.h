#pragma once

#include "backend/vulkan/api.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace hone::vulkan {

class Device;

/// What memory is for: tensors, or staging in one direction.
enum class Use { tensors, upload, download };

/// A piece of a block of device memory.
struct Piece {
  struct Block* block = nullptr;
  api::VkBuffer buffer = 0;  ///< the block's
  size_t offset = 0;         ///< in it
  size_t bytes = 0;          ///< with padding
  uint64_t address = 0;      ///< as shaders see it
  std::byte* mapped = nullptr;  ///< as the host sees it, or nullptr
};

/// The memory of one device: few large blocks (a driver allows some thousand allocations, and each costs), handed out
/// in pieces aligned to 256 bytes, first fit. A block goes back to the driver when it is empty and not the last.
class Memory {
 public:
  explicit Memory(Device& device);
  ~Memory();

  /// Throws Error "memory.exhausted" with the numbers.
  Piece take(size_t bytes, Use use);
  void give(const Piece& piece) noexcept;

  /// Bytes handed out to tensors.
  size_t used() const;

  void clear();

 private:
  Block& make_block(size_t bytes, Use use, size_t asked);
  void free_block(Block& block) noexcept;
  [[noreturn]] void refuse(size_t asked) const;

  Device& device_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Block>> blocks_;
  size_t used_ = 0;
};

}  // namespace hone::vulkan
