#include "core/atomic_file.h"

#include "core/file_error.h"
#include "support/json.h"

#include <cerrno>
#include <filesystem>
#include <limits>

#include <sys/wait.h>
#include <unistd.h>

using namespace hone;
using namespace hone::test;
namespace fs = std::filesystem;

namespace {

size_t entries_of(const std::string& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST("a committed file replaces the old one as a whole") {
  const std::string folder = temporary_folder(), path = folder + "/model.gguf";
  write_file_atomically(path, "old", 3);
  AtomicFile file(path);
  file.write("new ", 4);
  CHECK_EQUAL(read_bytes(path), "old");
  file.write("content", 7);
  CHECK_EQUAL(file.position(), 11u);
  file.commit();
  CHECK_EQUAL(read_bytes(path), "new content");
  CHECK_EQUAL(entries_of(folder), 1u);
}

TEST("a file that is given up leaves nothing behind") {
  const std::string folder = temporary_folder();
  { AtomicFile(folder + "/model.gguf").write("half", 4); }
  CHECK_EQUAL(entries_of(folder), 0u);
}

TEST("a process killed before the commit leaves the old file untouched") {
  const std::string folder = temporary_folder(), path = folder + "/model.gguf";
  write_file_atomically(path, "old", 3);
  const pid_t child = fork();
  if (child == 0) {
    AtomicFile file(path);
    const std::string large(3 << 20, 'x');  // more than the buffer, so that bytes are on their way
    file.write(large.data(), large.size());
    _exit(0);  // as after a kill: no destructor runs
  }
  int status = 0;
  CHECK_EQUAL(waitpid(child, &status, 0), child);
  CHECK_EQUAL(read_bytes(path), "old");
  for (const auto& entry : fs::directory_iterator(folder)) {
    CHECK(entry.path() == path || entry.path().extension() == ".part");
  }
}

TEST("large writes come out whole") {
  const std::string path = temporary_folder() + "/large";
  std::string content;
  for (int i = 0; content.size() < (5u << 20); ++i) content += std::to_string(i) + ",";
  AtomicFile file(path);
  for (size_t at = 0; at < content.size(); at += 70001) {
    const std::string part = content.substr(at, 70001);
    file.write(part.data(), part.size());
  }
  file.commit();
  CHECK(read_bytes(path) == content);
}

TEST("a missing folder and too little space are told before anything is written") {
  const std::string folder = temporary_folder();
  CHECK_ERROR("file.missing", AtomicFile(folder + "/none/model.gguf"));
  AtomicFile file(folder + "/model.gguf");
  file.check_space(1);
  CHECK_ERROR("disk.full", (file.check_space(std::numeric_limits<uint64_t>::max()), 0));
}

TEST("system errors become words with a way out") {
  const auto code = [](int number) -> std::string { return file_error(number, "write", "/a/b", "file.write").code(); };
  CHECK_EQUAL(code(ENOSPC), "disk.full");
  CHECK_EQUAL(code(EDQUOT), "disk.full");
  CHECK_EQUAL(code(EACCES), "file.permission");
  CHECK_EQUAL(code(EIO), "file.write");
  CHECK_EQUAL(std::string(file_error(ENOENT, "open", "/a/b", "file.read").what()),
              "cannot open \"/a/b\": there is no such file or folder");
}
