#include "backend/vulkan/backend.h"

#include "quant/i2_s.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace hone::vulkan {
namespace {

constexpr size_t kUploadBytes = size_t{16} << 20, kDownloadBytes = size_t{8} << 20;
constexpr int64_t kMostGroups = 65535;

DeviceBuffer& buffer_of(const Tensor& tensor) {
  auto* buffer = dynamic_cast<DeviceBuffer*>(tensor.buffer);
  ensure(buffer, "a tensor of another backend was given to the Vulkan backend");
  return *buffer;
}

/// Bytes from the first to the last element of a view.
size_t extent(const Tensor& tensor) {
  if (tensor.rows == 0) return 0;
  const DTypeTraits& facts = traits(tensor.dtype);
  if (facts.block_length == 1) {
    return static_cast<size_t>((tensor.rows - 1) * tensor.stride + tensor.columns) * facts.block_bytes;
  }
  return matrix_bytes(tensor.dtype, tensor.rows, tensor.columns) +
         (tensor.dtype == DType::I2_S ? kI2sTailBytes : 0);
}

/// Bytes of a contiguous tensor that is sent or fetched.
size_t stored_bytes(const Tensor& tensor) {
  ensure(tensor.contiguous(), "only contiguous tensors are uploaded or downloaded");
  const size_t bytes = extent(tensor);
  ensure(tensor.offset <= tensor.buffer->bytes() && bytes <= tensor.buffer->bytes() - tensor.offset,
         "a tensor that is uploaded or downloaded lies outside its buffer");
  return bytes;
}

}  // namespace

DeviceBuffer::DeviceBuffer(size_t bytes, std::shared_ptr<Recorder> recorder)
    : Buffer(bytes), recorder_(std::move(recorder)), piece_(recorder_->device().memory.take(bytes, Use::tensors)) {}

DeviceBuffer::~DeviceBuffer() {
  try {
    if (!recorder_->idle()) recorder_->finish();
  } catch (const Error&) {
    // The device is lost: nothing uses the memory any more.
  }
  recorder_->device().memory.give(piece_);
}

VulkanBackend::VulkanBackend(std::shared_ptr<Device> device, const VulkanOptions& options)
    : device_(std::move(device)), options_(options), recorder_(std::make_shared<Recorder>(device_, options_)) {}

VulkanBackend::~VulkanBackend() {
  try {
    recorder_->finish();
  } catch (const Error&) {
    // Lost, and told to whoever waited for a result.
  }
  if (upload_) device_->memory.give(*upload_);
  if (download_) device_->memory.give(*download_);
}

std::unique_ptr<Buffer> VulkanBackend::allocate(size_t bytes) {
  return std::make_unique<DeviceBuffer>(bytes, recorder_);
}

std::unique_ptr<Buffer> VulkanBackend::adopt(std::span<const std::byte> bytes, std::shared_ptr<const void>) {
  auto buffer = std::make_unique<DeviceBuffer>(bytes.size(), recorder_);
  if (buffer->piece().mapped) {  // new memory, which no command knows yet
    std::memcpy(buffer->piece().mapped, bytes.data(), bytes.size());
  } else {
    send(buffer->piece(), 0, bytes.data(), bytes.size());
    recorder_->finish();
    upload_used_ = 0;
  }
  return buffer;
}

void VulkanBackend::upload(const Tensor& destination, const void* source) {
  const size_t bytes = stored_bytes(destination);
  send(buffer_of(destination).piece(), destination.offset, static_cast<const std::byte*>(source), bytes);
}

void VulkanBackend::send(const Piece& to, size_t offset, const std::byte* source, size_t bytes) {
  if (!upload_) upload_ = device_->memory.take(kUploadBytes, Use::upload);
  while (bytes > 0) {
    if (upload_used_ == kUploadBytes || recorder_->idle()) {  // what was sent has arrived
      recorder_->finish();
      upload_used_ = 0;
    }
    const size_t count = std::min(bytes, kUploadBytes - upload_used_);
    std::memcpy(upload_->mapped + upload_used_, source, count);
    recorder_->copy(*upload_, upload_used_, to, offset, count);
    upload_used_ = std::min(kUploadBytes, (upload_used_ + count + 63) / 64 * 64);
    source += count;
    offset += count;
    bytes -= count;
  }
}

void VulkanBackend::download(const Tensor& source, void* destination) {
  size_t bytes = stored_bytes(source);
  const Piece& from = buffer_of(source).piece();
  if (!download_) download_ = device_->memory.take(kDownloadBytes, Use::download);
  auto* out = static_cast<std::byte*>(destination);
  for (size_t offset = source.offset; bytes > 0;) {
    const size_t count = std::min(bytes, kDownloadBytes);
    recorder_->copy(from, offset, *download_, 0, count);
    recorder_->finish();
    std::memcpy(out, download_->mapped, count);
    out += count;
    offset += count;
    bytes -= count;
  }
}

Tensor VulkanBackend::scratch(Scratch purpose, int64_t rows, int64_t columns, DType dtype) {
  auto& buffer = scratch_[static_cast<size_t>(purpose)];
  const size_t bytes = matrix_bytes(dtype, rows, columns);
  if (!buffer || buffer->bytes() < bytes) {
    buffer.reset();
    buffer = std::make_unique<DeviceBuffer>(bytes, recorder_);
  }
  return {buffer.get(), 0, dtype, rows, columns, columns};
}

std::string VulkanBackend::with_subgroups(std::string_view shader) const {
  const bool can = facts().subgroup_arithmetic && !options_.plain;
  return std::string(shader) + (can ? ".subgroup" : "");
}

uint64_t address_of(const Tensor& tensor) {
  return tensor ? buffer_of(tensor).piece().address + tensor.offset : 0;
}

WeightView weight_view(const Tensor& tensor) {
  const uint64_t address = address_of(tensor);
  ensure(address % 2 == 0, "a weight matrix at an odd address");
  return {address & ~uint64_t{3}, u32(static_cast<int64_t>(matrix_bytes(tensor.dtype, 1, tensor.stride))),
          static_cast<uint32_t>(address & 3)};
}

Access reads(const Tensor& tensor) {
  if (!tensor) return {};
  const uint64_t begin = address_of(tensor);
  return {begin, begin + extent(tensor), false};
}

Access writes(const Tensor& tensor) {
  Access access = reads(tensor);
  access.write = true;
  return access;
}

uint32_t u32(int64_t value) {
  ensure(value >= 0 && value <= std::numeric_limits<uint32_t>::max(), "a size beyond 32 bits");
  return static_cast<uint32_t>(value);
}

uint32_t groups_for(int64_t count, int64_t size) {
  return static_cast<uint32_t>(std::min((count + size - 1) / size, kMostGroups));
}

Grid grid_for(int64_t rows, int64_t columns) {
  const int64_t threads = columns > 64 ? 256 : 64;
  return {static_cast<uint32_t>(threads), {groups_for(columns, threads), groups_for(rows, 1), 1}};
}

}  // namespace hone::vulkan

namespace hone {

std::unique_ptr<Backend> make_vulkan_backend(size_t device, const VulkanOptions& options) {
  VulkanOptions settled = options;
  if (const char* count = std::getenv("HONE_VULKAN_LOSE_AFTER"); count && settled.lose_after == 0) {
    settled.lose_after = std::strtoull(count, nullptr, 10);
  }
  if (const char* wanted = std::getenv("HONE_VULKAN_MATRIX"); wanted && std::strcmp(wanted, "1") == 0) {
    if (settled.matrix_units == MatrixUnits::off) settled.matrix_units = MatrixUnits::on;
  }
  return std::make_unique<vulkan::VulkanBackend>(vulkan::Device::open(device), settled);
}

bool is_vulkan(const Backend& backend) noexcept { return backend.kind() == BackendKind::vulkan; }

VulkanWork vulkan_work(const Backend& backend) {
  const auto* vulkan = dynamic_cast<const vulkan::VulkanBackend*>(&backend);
  ensure(vulkan, "only a Vulkan backend counts its work");
  return vulkan->recorder().work();
}

}  // namespace hone
