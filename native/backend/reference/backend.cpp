#include "backend/backend.h"
#include "backend/host_buffer.h"

namespace hone {
namespace {

class ReferenceBackend final : public Backend {
 public:
  BackendKind kind() const noexcept override { return BackendKind::reference; }
  std::string_view name() const noexcept override { return "reference"; }

  std::unique_ptr<Buffer> allocate(size_t bytes) override { return make_host_buffer(bytes); }
  std::unique_ptr<Buffer> adopt(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) override {
    return adopt_host_bytes(bytes, std::move(owner));
  }

  void upload(const Tensor& destination, const void* source) override { copy_to_host_tensor(destination, source); }
  void download(const Tensor& source, void* destination) override { copy_from_host_tensor(source, destination); }
  void synchronize() override {}
};

}  // namespace

std::unique_ptr<Backend> make_reference_backend() { return std::make_unique<ReferenceBackend>(); }

}  // namespace hone
