#include "core/atomic_file.h"

#include "core/file_error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace hone {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

std::string folder_of(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int sync_to_disk(int descriptor) {
#ifdef F_FULLFSYNC  // macOS: fsync alone leaves the data in the drive's cache
  if (::fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
  return ::fsync(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(std::string target) : target_(std::move(target)) {
  std::random_device random;
  for (int attempt = 0; attempt < 16; ++attempt) {
    temporary_ = target_ + "." + std::to_string(random()) + ".part";
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0 || errno != EEXIST) break;
  }
  if (descriptor_ < 0) throw file_error(errno, "create", target_, "file.write");
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::check_space(uint64_t bytes) const {
  struct statvfs disk {};
  if (::fstatvfs(descriptor_, &disk) != 0) return;  // file systems that cannot tell will say so while writing
  const uint64_t available = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (bytes > available) {
    throw Error("disk.full",
                "\"" + target_ + "\" needs " + std::to_string(bytes) + " bytes but the disk has " +
                    std::to_string(available) + " free",
                "Free some space, or choose a folder on another disk.");
  }
}

void AtomicFile::write(const void* data, size_t size) {
  ensure(descriptor_ >= 0, "write to a file that is already complete");
  const auto* bytes = static_cast<const std::byte*>(data);
  position_ += size;
  while (size > 0) {
    const size_t part = std::min(size, kBufferBytes - buffer_.size());
    buffer_.insert(buffer_.end(), bytes, bytes + part);
    bytes += part;
    size -= part;
    if (buffer_.size() == kBufferBytes) flush();
  }
}

void AtomicFile::flush() {
  size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw file_error(errno, "write", target_, "file.write");
    done += static_cast<size_t>(written);
  }
  buffer_.clear();
}

void AtomicFile::commit() {
  ensure(descriptor_ >= 0, "commit of a file that is already complete");
  flush();
  if (sync_to_disk(descriptor_) != 0) throw file_error(errno, "write", target_, "file.write");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary_.c_str());
    throw file_error(number, "write", target_, "file.write");
  }
  // The new name is on the disk only once the folder is; some file systems cannot sync folders.
  const std::string folder = folder_of(target_);
  const int folder_descriptor = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (folder_descriptor >= 0) {
    sync_to_disk(folder_descriptor);
    ::close(folder_descriptor);
  }
}

void AtomicFile::discard() noexcept {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  descriptor_ = -1;
  ::unlink(temporary_.c_str());
}

void write_file_atomically(const std::string& target, const void* data, size_t size) {
  AtomicFile file(target);
  file.check_space(size);
  file.write(data, size);
  file.commit();
}

}  // namespace hone
