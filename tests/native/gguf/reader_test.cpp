#include "gguf/reader.h"

#include "gguf/writer.h"
#include "support/json.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

using namespace hone;
using namespace hone::test;
namespace fs = std::filesystem;

namespace {

const std::string kFirst = "llama-q4_0-00001-of-00003.gguf";

/// A copy of the split fixture that a case may damage.
std::string copy_split() {
  const std::string folder = temporary_folder();
  fs::copy(fixture("split"), folder, fs::copy_options::recursive);
  return folder;
}

}  // namespace

TEST("a split model looks like one file") {
  const auto file = GgufFile::open(fixture("split/" + kFirst));
  CHECK_EQUAL(file->metadata().require_string("general.architecture"), "llama");
  CHECK_EQUAL(static_cast<int64_t>(file->tensors().size()), file->metadata().require_integer("split.tensors.count"));
  CHECK_EQUAL(file->paths().size(), 3u);
  for (const TensorInfo& info : file->tensors()) {
    CHECK_EQUAL(file->data(info).size(), info.bytes);
    CHECK_EQUAL(file->find(info.name), &info);
  }
  CHECK_EQUAL(file->tensors().front().shard, 0);
  CHECK_EQUAL(file->tensors().back().shard, 2);
}

TEST("the bytes of a tensor outlive the file while their owner is held") {
  auto file = GgufFile::open(fixture("split/" + kFirst));
  const TensorInfo info = file->require("output_norm.weight");
  const auto owner = file->owner(info);
  const auto bytes = file->data(info);
  file.reset();
  float first = 0;
  std::memcpy(&first, bytes.data(), sizeof first);
  CHECK(first > 0.0f && first < 3.0f);
}

TEST("a split model with a part missing, swapped or opened in the middle is refused") {
  const std::string folder = copy_split();
  CHECK_ERROR("gguf.split", GgufFile::open(folder + "/llama-q4_0-00002-of-00003.gguf"));

  fs::copy_file(folder + "/llama-q4_0-00003-of-00003.gguf", folder + "/llama-q4_0-00002-of-00003.gguf",
                fs::copy_options::overwrite_existing);
  CHECK_ERROR("gguf.split", GgufFile::open(folder + "/" + kFirst));

  fs::remove(folder + "/llama-q4_0-00002-of-00003.gguf");
  CHECK_ERROR("file.missing", GgufFile::open(folder + "/" + kFirst));

  fs::rename(folder + "/" + kFirst, folder + "/renamed.gguf");
  CHECK_ERROR("gguf.split", GgufFile::open(folder + "/renamed.gguf"));
}

TEST("a missing tensor is named") {
  const auto file = GgufFile::open(fixture("split/" + kFirst));
  CHECK(file->find("blk.99.attn_q.weight") == nullptr);
  CHECK_ERROR("gguf.tensor_missing", file->require("blk.99.attn_q.weight"));
}

TEST("files that are absent, empty or folders are refused") {
  const std::string folder = temporary_folder();
  CHECK_ERROR("file.missing", GgufFile::open(folder + "/none.gguf"));
  CHECK_ERROR("file.read", GgufFile::open(folder));
  write_file_atomically(folder + "/empty.gguf", "", 0);
  CHECK_ERROR("gguf.truncated", GgufFile::open(folder + "/empty.gguf"));
}

TEST("a name with a zero byte is refused") {
  std::string content = read_bytes(fixture("split/" + kFirst));
  content.replace(content.find("llama.block_count"), 6, std::string("llama\0", 6));
  const std::string path = temporary_folder() + "/" + kFirst;
  write_file_atomically(path, content.data(), content.size());
  CHECK_ERROR("gguf.key", GgufFile::open(path));
}
