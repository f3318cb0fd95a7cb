#pragma once

#include "core/tensor.h"

#include <memory>
#include <span>

namespace hone {

/// Memory of the backends that compute on the host, aligned to 64 bytes and uninitialised.
/// Throws Error "memory.exhausted" with the size asked for.
std::unique_ptr<Buffer> make_host_buffer(size_t bytes);

/// Points at `bytes`, which must not be written, and holds `owner` as long as the buffer lives.
std::unique_ptr<Buffer> adopt_host_bytes(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

/// Contiguous copies between a tensor of host memory and plain memory.
void copy_to_host_tensor(const Tensor& destination, const void* source);
void copy_from_host_tensor(const Tensor& source, void* destination);

}  // namespace hone
