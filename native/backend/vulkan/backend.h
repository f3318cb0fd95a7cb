#pragma once

#include "backend/backend.h"
#include "backend/vulkan/recorder.h"

#include <array>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>

namespace hone::vulkan {

/// Memory of a device. Holds the recorder whose commands may still use it: its end waits for them.
class DeviceBuffer final : public Buffer {
 public:
  DeviceBuffer(size_t bytes, std::shared_ptr<Recorder> recorder);
  ~DeviceBuffer() override;
  std::byte* host() noexcept override { return nullptr; }

  const Piece& piece() const noexcept { return piece_; }

 private:
  std::shared_ptr<Recorder> recorder_;
  Piece piece_;
};

/// What ops keep for their own duration, one kind per purpose, so that two of them do not wait for each other.
enum class Scratch : size_t { inputs, steps, values, partial, products };
inline constexpr size_t kScratches = 5;

/// A shader's view of a weight matrix of any type, as in shaders/weights.glsl.
struct WeightView {
  uint64_t address = 0;    ///< of the 32-bit word that the first row begins in
  uint32_t row_bytes = 0;  ///< from one row to the next
  uint32_t shift = 0;      ///< bytes from `address` to the first row: 0 or 2
};

class VulkanBackend final : public Backend {
 public:
  VulkanBackend(std::shared_ptr<Device> device, const VulkanOptions& options);
  ~VulkanBackend() override;

  BackendKind kind() const noexcept override { return BackendKind::vulkan; }
  std::string_view name() const noexcept override { return "vulkan"; }
  std::unique_ptr<Buffer> allocate(size_t bytes) override;
  std::unique_ptr<Buffer> adopt(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) override;
  void upload(const Tensor& destination, const void* source) override;
  void download(const Tensor& source, void* destination) override;
  void synchronize() override { recorder_->finish(); }

  const Facts& facts() const noexcept { return device_->facts(); }
  const VulkanOptions& options() const noexcept { return options_; }
  const Recorder& recorder() const noexcept { return *recorder_; }

  /// Uninitialised [rows, columns] of scratch. Valid until the next call for the same purpose; the commands given
  /// before that find it whole.
  Tensor scratch(Scratch purpose, int64_t rows, int64_t columns, DType dtype = DType::F32);

  /// Runs shaders/<shader> with specialisation constants `constants` and the parameters of its push constant block.
  /// `accesses` are all addresses that it touches; see `reads` and `writes`.
  template <class Parameters>
  void dispatch(std::string_view shader, std::initializer_list<uint32_t> constants, std::array<uint32_t, 3> groups,
                const Parameters& parameters, std::initializer_list<Access> accesses) {
    static_assert(sizeof(Parameters) <= kParameterBytes && std::is_trivially_copyable_v<Parameters>);
    const auto pipeline = device_->pipelines.get(shader, {constants.begin(), constants.size()});
    recorder_->dispatch(pipeline, groups, &parameters, sizeof(Parameters), accesses);
  }

  /// Name of the variant that uses subgroups where the device can, else of the plain one.
  std::string with_subgroups(std::string_view shader) const;

 private:
  void send(const Piece& to, size_t offset, const std::byte* source, size_t bytes);

  std::shared_ptr<Device> device_;
  VulkanOptions options_;
  std::shared_ptr<Recorder> recorder_;
  std::optional<Piece> upload_, download_;  ///< staging
  size_t upload_used_ = 0;
  std::array<std::unique_ptr<DeviceBuffer>, kScratches> scratch_;
};

inline VulkanBackend& vulkan_of(Backend& backend) { return static_cast<VulkanBackend&>(backend); }

/// Where a tensor begins, as shaders see it. Throws an internal error for memory of another backend.
uint64_t address_of(const Tensor& tensor);
WeightView weight_view(const Tensor& tensor);

Access reads(const Tensor& tensor);
Access writes(const Tensor& tensor);

/// Sizes in shaders are 32-bit.
uint32_t u32(int64_t value);

/// Workgroups of `size` for `count` threads, at most what every device takes: shaders go on in strides.
uint32_t groups_for(int64_t count, int64_t size);

/// How an elementwise shader is laid out on a matrix: see shaders/elementwise.glsl.
struct Grid {
  uint32_t threads;
  std::array<uint32_t, 3> groups;
};
Grid grid_for(int64_t rows, int64_t columns);

}  // namespace hone::vulkan
