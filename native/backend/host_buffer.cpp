#include "backend/host_buffer.h"

#include "quant/i2_s.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

namespace hone {
namespace {

constexpr size_t kAlignment = 64;

class OwnedBuffer final : public Buffer {
 public:
  OwnedBuffer(size_t bytes, std::byte* memory) : Buffer(bytes), memory_(memory) {}
  ~OwnedBuffer() override { std::free(memory_); }
  std::byte* host() noexcept override { return memory_; }

 private:
  std::byte* memory_;
};

class AdoptedBuffer final : public Buffer {
 public:
  AdoptedBuffer(std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
      : Buffer(bytes.size()), memory_(const_cast<std::byte*>(bytes.data())), owner_(std::move(owner)) {}
  std::byte* host() noexcept override { return memory_; }

 private:
  std::byte* memory_;
  std::shared_ptr<const void> owner_;
};

size_t stored_bytes(const Tensor& tensor) {
  ensure(tensor.contiguous(), "only contiguous tensors are uploaded or downloaded");
  const size_t bytes = matrix_bytes(tensor.dtype, tensor.rows, tensor.columns) +
                       (tensor.dtype == DType::I2_S ? kI2sTailBytes : 0);
  ensure(tensor.offset <= tensor.buffer->bytes() && bytes <= tensor.buffer->bytes() - tensor.offset,
         "a tensor that is uploaded or downloaded lies outside its buffer");
  return bytes;
}

}  // namespace

std::unique_ptr<Buffer> make_host_buffer(size_t bytes) {
  void* memory = nullptr;
  if (bytes <= std::numeric_limits<size_t>::max() - kAlignment) {
    const size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    memory = std::aligned_alloc(kAlignment, rounded == 0 ? kAlignment : rounded);
  }
  if (!memory) {
    throw Error("memory.exhausted", "no room for " + std::to_string(bytes) + " bytes of memory",
                "Close other programs, shorten the context, or choose a smaller model.");
  }
  return std::make_unique<OwnedBuffer>(bytes, static_cast<std::byte*>(memory));
}

std::unique_ptr<Buffer> adopt_host_bytes(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  return std::make_unique<AdoptedBuffer>(bytes, std::move(owner));
}

void copy_to_host_tensor(const Tensor& destination, const void* source) {
  const size_t bytes = stored_bytes(destination);
  if (bytes > 0) std::memcpy(destination.data(), source, bytes);
}

void copy_from_host_tensor(const Tensor& source, void* destination) {
  const size_t bytes = stored_bytes(source);
  if (bytes > 0) std::memcpy(destination, source.data(), bytes);
}

}  // namespace hone
