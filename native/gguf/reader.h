#pragma once

#include "gguf/metadata.h"
#include "gguf/tensor_info.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hone {

class MappedFile;

/// A GGUF model or adapter, mapped read-only and checked completely when opened: afterwards every count, offset
/// and length in it can be trusted. What the numbers mean (layers, heads, shapes) is checked by who uses them.
/// Immutable, so any number of threads may read it.
class GgufFile {
 public:
  /// Opens a file; a split model is opened by its first shard ("NAME-00001-of-00003.gguf"), its siblings are found
  /// beside it and the whole looks like one file. Throws "file.*" or "gguf.*" (see parse.h), naming what was found
  /// and where.
  static std::shared_ptr<const GgufFile> open(const std::string& path);

  /// Of the first shard.
  const Metadata& metadata() const noexcept { return metadata_; }
  const std::string& path() const noexcept { return path_; }

  /// In file order, shard after shard.
  std::span<const TensorInfo> tensors() const noexcept { return tensors_; }
  const TensorInfo* find(std::string_view name) const;
  /// Throws "gguf.tensor_missing".
  const TensorInfo& require(std::string_view name) const;

  /// The mapped bytes, valid as long as `owner(info)` or this object lives. `info` must come from this file.
  std::span<const std::byte> data(const TensorInfo& info) const;
  std::shared_ptr<const void> owner(const TensorInfo& info) const;

  /// Every file it consists of, the opened one first.
  std::vector<std::string> paths() const;
  /// Sum of the sizes of all its files.
  uint64_t file_bytes() const noexcept;

 private:
  GgufFile() = default;
  void add_shard(std::shared_ptr<const MappedFile> file, std::vector<TensorInfo> tensors);
  void open_siblings();

  std::string path_;
  Metadata metadata_;
  std::vector<TensorInfo> tensors_;
  std::vector<std::shared_ptr<const MappedFile>> shards_;
  std::unordered_map<std::string_view, size_t> by_name_;  ///< names owned by `tensors_`
};

}  // namespace hone
