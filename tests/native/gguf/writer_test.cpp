#include "gguf/writer.h"

#include "gguf/reader.h"
#include "support/json.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>

using namespace hone;
using namespace hone::test;

namespace {

std::span<const std::byte> bytes_of(const auto& container) {
  return std::as_bytes(std::span(container.data(), container.size()));
}

}  // namespace

TEST("a written file is read back with every type of value") {
  Metadata metadata;
  metadata.set("test.u8", uint8_t{255});
  metadata.set("test.i8", int8_t{-128});
  metadata.set("test.u16", uint16_t{65535});
  metadata.set("test.i16", int16_t{-32768});
  metadata.set("test.u32", uint32_t{4000000000});
  metadata.set("test.i32", int32_t{-5});
  metadata.set("test.f32", 0.25f);
  metadata.set("test.bool", true);
  metadata.set("test.string", std::string("Grüße"));
  metadata.set("test.u64", std::numeric_limits<uint64_t>::max());
  metadata.set("test.i64", std::numeric_limits<int64_t>::min());
  metadata.set("test.f64", 1e300);
  metadata.set("test.strings", MetadataArray(std::vector<std::string>{"a", "", "ccc"}));
  metadata.set("test.integers", MetadataArray(std::vector<int32_t>{1, -2, 3}));
  metadata.set("test.reals", MetadataArray(std::vector<float>{0.5f, -0.5f}));
  metadata.set("test.bools", MetadataArray(std::vector<Bool>{Bool::yes, Bool::no}));
  metadata.set("general.architecture", std::string("llama"));

  const std::string path = temporary_folder() + "/out.gguf";
  GgufWriter writer(path, metadata, {});
  writer.commit();
  const auto file = GgufFile::open(path);
  CHECK_EQUAL(file->metadata().entries().size(), metadata.entries().size());
  CHECK_EQUAL(file->metadata().entries()[0].first, "general.architecture");
  for (const auto& [key, value] : metadata.entries()) {
    CHECK(file->metadata().find(key) != nullptr);
    CHECK(*file->metadata().find(key) == value);
  }
}

TEST("tensors are written in pieces and padded to the alignment") {
  std::vector<float> first(33);
  std::iota(first.begin(), first.end(), 1.0f);
  std::vector<uint8_t> second(34 * 4);
  std::iota(second.begin(), second.end(), uint8_t{7});

  Metadata metadata;
  metadata.set("general.alignment", uint32_t{64});
  const std::string path = temporary_folder() + "/out.gguf";
  GgufWriter writer(path, metadata,
                    {make_tensor_info("first", DType::F32, {11, 3}), make_tensor_info("second", DType::Q8_0, {64, 2})});
  std::vector<std::byte> all(bytes_of(first).begin(), bytes_of(first).end());
  all.insert(all.end(), bytes_of(second).begin(), bytes_of(second).end());
  for (size_t at = 0; at < all.size(); at += 50) {
    writer.write(std::span(all).subspan(at, std::min<size_t>(50, all.size() - at)));
  }
  writer.commit();

  CHECK_EQUAL(std::filesystem::file_size(path), writer.file_bytes());
  const auto file = GgufFile::open(path);
  CHECK_EQUAL(shape_text(file->require("first")), "[11, 3]");
  CHECK_EQUAL(file->require("second").offset % 64, 0u);
  CHECK_EQUAL(file->require("second").offset, writer.tensors()[1].offset);
  CHECK(std::ranges::equal(file->data(file->require("first")), bytes_of(first)));
  CHECK(std::ranges::equal(file->data(file->require("second")), bytes_of(second)));
}

TEST("a model that is read and written again keeps its bytes") {
  const std::string path = fixture("split/llama-q4_0-00001-of-00003.gguf");
  const auto file = GgufFile::open(path);
  std::vector<TensorInfo> own;
  for (const TensorInfo& info : file->tensors()) {
    if (info.shard == 0) own.push_back(info);
  }
  const std::string copy = temporary_folder() + "/copy.gguf";
  GgufWriter writer(copy, file->metadata(), own);
  for (const TensorInfo& info : own) writer.write(file->data(info));
  writer.commit();
  CHECK(read_bytes(copy) == read_bytes(path));
}

TEST("an unfinished file never appears under its name") {
  const std::string folder = temporary_folder();
  {
    GgufWriter writer(folder + "/out.gguf", {}, {make_tensor_info("first", DType::F32, {4})});
    CHECK_ERROR("internal", writer.commit());
  }
  CHECK(std::filesystem::is_empty(folder));
}
