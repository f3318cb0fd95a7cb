#include "core/mapped_file.h"

#include "core/file_error.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hone {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  // Non-blocking, so that a pipe put in place of a model cannot make the open wait for a writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) throw file_error(errno, "open", path, "file.read");

  struct stat facts {};
  if (::fstat(file.number, &facts) != 0) throw file_error(errno, "read", path, "file.read");
  if (!S_ISREG(facts.st_mode)) throw Error("file.read", "cannot read \"" + path + "\": it is not a file");

  const auto size = static_cast<size_t>(facts.st_size);
  void* data = nullptr;
  if (size > 0) {  // an empty mapping is not allowed
    data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (data == MAP_FAILED) throw file_error(errno, "map", path, "file.read");
  }
  return std::shared_ptr<const MappedFile>(new MappedFile(path, static_cast<const std::byte*>(data), size));
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace hone
