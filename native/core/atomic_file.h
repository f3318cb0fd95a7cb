#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hone {

/// A file that appears under its name complete or not at all. Writes go to a temporary name in the same folder;
/// `commit` flushes it to the disk and renames it over the target. Without a commit the temporary file is
/// removed by the destructor and an existing target stays as it was.
///
/// Errors of every call: "disk.full", "file.permission", "file.missing" (the folder) or "file.write".
class AtomicFile {
 public:
  explicit AtomicFile(std::string target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Fails with "disk.full" now when the disk has less than `bytes` free. Reserves nothing.
  void check_space(uint64_t bytes) const;

  /// Buffered; an error may surface at a later write or at the commit.
  void write(const void* data, size_t size);

  /// Bytes given to `write` so far.
  uint64_t position() const noexcept { return position_; }

  /// At most once; nothing may be written afterwards.
  void commit();

 private:
  void flush();
  void discard() noexcept;

  std::string target_;
  std::string temporary_;
  int descriptor_ = -1;
  uint64_t position_ = 0;
  std::vector<std::byte> buffer_;
};

/// Replaces the content of `target` in one step.
void write_file_atomically(const std::string& target, const void* data, size_t size);

}  // namespace hone
