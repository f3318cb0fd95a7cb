#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace hone {

/// A whole file, readable as memory. The mapping lives as long as the last owner. A file that another program
/// shortens while it is mapped ends the process on the next access (SIGBUS), so Hone never writes in place.
class MappedFile {
 public:
  /// Throws "file.missing", "file.permission" or "file.read".
  static std::shared_ptr<const MappedFile> open(const std::string& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  const std::string& path() const noexcept { return path_; }

 private:
  MappedFile(std::string path, const std::byte* data, size_t size) : path_(std::move(path)), data_(data), size_(size) {}

  std::string path_;
  const std::byte* data_;
  size_t size_;
};

}  // namespace hone
