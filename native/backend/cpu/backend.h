#pragma once

#include "backend/backend.h"
#include "backend/cpu/simd/simd.h"
#include "core/thread_pool.h"

#include <memory>
#include <vector>

namespace hone::cpu {

/// Memory that ops share among their threads; grows, never shrinks.
class Scratch {
 public:
  /// At least `count` elements, aligned to 64 bytes, with undefined content. Valid until the next call.
  template <class T>
  T* get(int64_t count) {
    return reinterpret_cast<T*>(bytes(static_cast<size_t>(count) * sizeof(T)));
  }

 private:
  std::byte* bytes(size_t count);

  std::unique_ptr<Buffer> memory_;
};

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(unsigned threads);

  BackendKind kind() const noexcept override { return BackendKind::cpu; }
  std::string_view name() const noexcept override { return "cpu"; }

  std::unique_ptr<Buffer> allocate(size_t bytes) override;
  std::unique_ptr<Buffer> adopt(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) override;
  void upload(const Tensor& destination, const void* source) override;
  void download(const Tensor& source, void* destination) override;
  void synchronize() override {}

  const Simd& simd;
  ThreadPool pool;
  Scratch inputs;  ///< rounded or dropped inputs of a product
  Scratch values;  ///< whatever else one op keeps for its own duration
};

inline CpuBackend& cpu_of(Backend& backend) { return static_cast<CpuBackend&>(backend); }

/// Scratch of the calling thread, one per purpose.
template <class Purpose>
Scratch& thread_scratch() {
  static thread_local Scratch scratch;
  return scratch;
}

/// Rows per piece so that waking a thread (some microseconds) pays: `cost` is roughly cycles per row.
inline int64_t row_grain(int64_t cost) { return 1 + 100'000 / (cost > 0 ? cost : 1); }

}  // namespace hone::cpu
