#include "core/mapped_file.h"

#include "core/atomic_file.h"
#include "support/json.h"

#include <cstring>
#include <filesystem>

#include <sys/stat.h>

using namespace hone;
using namespace hone::test;

TEST("a mapped file shows its bytes, also after its name is gone") {
  const std::string path = temporary_folder() + "/file";
  write_file_atomically(path, "content", 7);
  const auto file = MappedFile::open(path);
  std::filesystem::remove(path);
  CHECK_EQUAL(file->bytes().size(), 7u);
  CHECK(std::memcmp(file->bytes().data(), "content", 7) == 0);
}

TEST("an empty file is an empty span") {
  const std::string path = temporary_folder() + "/file";
  write_file_atomically(path, "", 0);
  CHECK(MappedFile::open(path)->bytes().empty());
}

TEST("missing files, folders and pipes are refused without waiting") {
  const std::string folder = temporary_folder();
  CHECK_ERROR("file.missing", MappedFile::open(folder + "/none"));
  CHECK_ERROR("file.read", MappedFile::open(folder));
  CHECK_EQUAL(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  CHECK_ERROR("file.read", MappedFile::open(folder + "/pipe"));
}
