#pragma once

#include "core/atomic_file.h"
#include "gguf/metadata.h"
#include "gguf/tensor_info.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace hone {

/// What the writer needs to know of a tensor before its bytes: `ne` with the contiguous axis first, 1 to 4 axes.
TensorInfo make_tensor_info(std::string name, DType dtype, std::span<const int64_t> ne);
inline TensorInfo make_tensor_info(std::string name, DType dtype, std::initializer_list<int64_t> ne) {
  return make_tensor_info(std::move(name), dtype, std::span<const int64_t>(ne.begin(), ne.size()));
}

/// Exact size of the file that the writer would make.
uint64_t gguf_file_bytes(const Metadata& metadata, std::span<const TensorInfo> tensors);

/// Writes one GGUF file (version 3) that appears under its name only when complete:
///
///     GgufWriter writer(path, metadata, {make_tensor_info("token_embd.weight", DType::F16, {4096, 32000}), …});
///     writer.write(bytes_of_the_first);  // any number of pieces, tensors one after another
///     writer.commit();
///
/// The same input gives the same bytes. Errors: those of AtomicFile; "disk.full" comes before the first byte.
class GgufWriter {
 public:
  /// Keys keep their order, except that general.architecture comes first. `general.alignment` is obeyed.
  GgufWriter(const std::string& path, const Metadata& metadata, std::vector<TensorInfo> tensors);

  /// The next bytes of the data; padding between tensors is added here and must not be given.
  void write(std::span<const std::byte> bytes);

  /// Exact size of the finished file.
  uint64_t file_bytes() const noexcept { return file_bytes_; }
  /// With their final offsets.
  std::span<const TensorInfo> tensors() const noexcept { return tensors_; }

  /// Every byte of every tensor must have been written.
  void commit();

 private:
  void finish_tensor();

  AtomicFile file_;
  std::vector<TensorInfo> tensors_;
  uint64_t alignment_ = 32;
  uint64_t file_bytes_ = 0;
  size_t current_ = 0;     ///< tensor being written
  uint64_t written_ = 0;   ///< bytes of it so far
};

}  // namespace hone
