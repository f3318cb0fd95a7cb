#include "gguf/reader.h"
#include "gguf/split_writer.h"
#include "support/test.h"

#include <algorithm>
#include <filesystem>

using namespace hone;
using namespace hone::test;
namespace fs = std::filesystem;

namespace {

bool equal_bytes(std::span<const std::byte> left, std::span<const std::byte> right) {
  return std::ranges::equal(left, right);
}

void check_same_model(const GgufFile& found, const GgufFile& whole) {
  CHECK_EQUAL(found.tensors().size(), whole.tensors().size());
  for (size_t index = 0; index < whole.tensors().size(); ++index) {
    const TensorInfo& expected = whole.tensors()[index];
    const TensorInfo& tensor = found.tensors()[index];
    CHECK_EQUAL(tensor.name, expected.name);
    CHECK(equal_bytes(found.data(tensor), whole.data(expected)));
  }
}

}  // namespace

TEST("a model written in parts is the same model, and no part is larger than asked for") {
  const std::string folder = temporary_folder();
  const auto whole = GgufFile::open(fixture("models/llama-q4_0.gguf"));
  const auto paths = split_gguf(whole->path(), folder + "/tiny", 64 * 1024);
  CHECK(paths.size() > 2);
  CHECK(paths[0].starts_with(folder + "/tiny-00001-of-0"));
  check_same_model(*GgufFile::open(paths[0]), *whole);
  // The first holds the vocabulary beside its tensors; a single tensor may be larger than a part.
  uint64_t largest = 0;
  for (const TensorInfo& tensor : whole->tensors()) largest = std::max<uint64_t>(largest, whole->data(tensor).size());
  for (size_t index = 1; index < paths.size(); ++index)
    CHECK(fs::file_size(paths[index]) <= std::max<uint64_t>(largest, 64 * 1024) + 16 * 1024);
}

TEST("a model that fits into one part stays whole, even one that came in parts") {
  const std::string folder = temporary_folder();
  const auto paths = split_gguf(fixture("split/llama-q4_0-00001-of-00003.gguf"), folder + "/tiny", 1u << 30);
  CHECK_EQUAL(paths.size(), size_t{1});
  CHECK(paths[0].ends_with("/tiny.gguf"));
  const auto joined = GgufFile::open(paths[0]);
  CHECK(!joined->metadata().contains("split.count"));
  check_same_model(*joined, *GgufFile::open(fixture("models/llama-q4_0.gguf")));
}

TEST("the parts of a damaged model are not written") {
  CHECK_ERROR("file.missing", split_gguf(fixture("models/none.gguf"), temporary_folder() + "/tiny", 1024));
}
