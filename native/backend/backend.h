#pragma once

#include "core/tensor.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hone {

enum class BackendKind : size_t { reference, cpu, vulkan };
inline constexpr size_t kBackendKinds = 3;

/// A device that can hold tensors and run ops on them.
///
/// Ops are plain structs declared in `ops/` (the question). Each backend folder holds one file per op (the
/// answer), which registers itself with `Kernel`. `run` may return before the work is done; reading results
/// on the host needs `download` or `synchronize`. Ops of one backend run in the order given. A backend is used
/// by one thread at a time and may use many inside.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual BackendKind kind() const noexcept = 0;
  virtual std::string_view name() const noexcept = 0;

  /// Uninitialised memory, aligned to at least 64 bytes. Throws Error "memory.exhausted" with the size asked for.
  virtual std::unique_ptr<Buffer> allocate(size_t bytes) = 0;

  /// Read-only memory with the content of `bytes`. A CPU keeps pointing at `bytes` (a mapped file) and holds
  /// `owner`; a device copies and lets `owner` go.
  virtual std::unique_ptr<Buffer> adopt(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) = 0;

  virtual void upload(const Tensor& destination, const void* source) = 0;  ///< contiguous, whole tensor
  virtual void download(const Tensor& source, void* destination) = 0;      ///< contiguous, whole tensor; waits
  virtual void synchronize() = 0;

  /// Checks the shapes of `op`, then runs it. Throws Error "backend.unsupported" naming the op when this
  /// backend has no kernel for it.
  template <class Op>
  void run(const Op& op);
};

/// The kernels of one op, by backend. A kernel file registers itself at start-up:
///
///     static void rms_norm(Backend& backend, const ops::RmsNorm& op) { … }
///     static const Kernel<ops::RmsNorm> kernel(BackendKind::cpu, rms_norm);
template <class Op>
class Kernel {
 public:
  using Function = void (*)(Backend&, const Op&);

  Kernel(BackendKind kind, Function function) { table()[static_cast<size_t>(kind)] = function; }

  static Function find(BackendKind kind) { return table()[static_cast<size_t>(kind)]; }

 private:
  static std::array<Function, kBackendKinds>& table() {
    static std::array<Function, kBackendKinds> functions{};
    return functions;
  }
};

template <class Op>
void Backend::run(const Op& op) {
  op.check();
  const auto function = Kernel<Op>::find(kind());
  if (!function) {
    throw Error("backend.unsupported", std::string(name()) + " has no kernel for " + std::string(Op::kName));
  }
  function(*this, op);
}

/// Plain loops in double precision where it matters: the definition of every op. Single-threaded.
std::unique_ptr<Backend> make_reference_backend();

/// Threads and vector instructions chosen from the CPU's features. `threads` 0 means all cores.
/// Results do not depend on the number of threads. The environment variable HONE_ISA (see choose_simd) forces
/// an instruction set; Error "backend.isa" when the CPU lacks it.
std::unique_ptr<Backend> make_cpu_backend(unsigned threads = 0);

}  // namespace hone
