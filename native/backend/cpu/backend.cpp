#include "backend/cpu/backend.h"

#include "backend/host_buffer.h"

namespace hone {
namespace cpu {

std::byte* Scratch::bytes(size_t count) {
  if (!memory_ || memory_->bytes() < count) {
    memory_.reset();
    memory_ = make_host_buffer(count);
  }
  return memory_->host();
}

CpuBackend::CpuBackend(unsigned threads) : simd(choose_simd()), pool(threads) {}

std::unique_ptr<Buffer> CpuBackend::allocate(size_t bytes) { return make_host_buffer(bytes); }

std::unique_ptr<Buffer> CpuBackend::adopt(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  return adopt_host_bytes(bytes, std::move(owner));
}

void CpuBackend::upload(const Tensor& destination, const void* source) { copy_to_host_tensor(destination, source); }

void CpuBackend::download(const Tensor& source, void* destination) { copy_from_host_tensor(source, destination); }

}  // namespace cpu

std::unique_ptr<Backend> make_cpu_backend(unsigned threads) { return std::make_unique<cpu::CpuBackend>(threads); }

}  // namespace hone
