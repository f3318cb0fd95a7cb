#include "model/adapter_convert.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "gguf/writer.h"
#include "model/adapter_info.h"
#include "support/test.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace hone;
using hone::test::fixture;

namespace {

const std::string kAdapter = fixture("models/lora-llama-f16.gguf");

/// An adapter of one pair whose first value is `value`.
std::string adapter_with(float value, const std::string& second_half = "blk.0.attn_q.weight.lora_b") {
  const std::string path = hone::test::temporary_folder() + "/adapter.gguf";
  Metadata metadata;
  metadata.set("general.architecture", std::string("llama"));
  metadata.set("general.type", std::string("adapter"));
  metadata.set("adapter.type", std::string("lora"));
  metadata.set("adapter.lora.alpha", 8.0f);
  GgufWriter writer(path, metadata,
                    {make_tensor_info("blk.0.attn_q.weight.lora_a", DType::F32, {8, 2}),
                     make_tensor_info(second_half, DType::F32, {2, 8})});
  std::vector<float> values(32, 0.5f);
  values[0] = value;
  writer.write(std::as_bytes(std::span<const float>(values)));
  writer.commit();
  return path;
}

}  // namespace

TEST("an adapter is described from its file alone") {
  const AdapterInfo info = inspect_adapter(kAdapter);
  CHECK_EQUAL(info.architecture, "llama");
  CHECK_EQUAL(info.rank, 4);
  CHECK_EQUAL(info.alpha, 8.0f);
  CHECK(info.parameters > 0);
  CHECK(info.notices.empty());
  CHECK_EQUAL(inspect_adapter(adapter_with(1)).parameters, 32);
}

TEST("pairs without effect are named and not counted") {
  const AdapterInfo plain = inspect_adapter(fixture("models/lora-qwen3-q8_0.gguf"));
  const AdapterInfo pairs = inspect_adapter(fixture("models/lora-qwen3-normpair.gguf"));
  CHECK_EQUAL(plain.parameters, pairs.parameters);
  CHECK(plain.notices.empty());
  CHECK(!pairs.notices.empty());
}

TEST("files that are no whole adapter are refused by name") {
  CHECK_ERROR("adapter.type", inspect_adapter(fixture("models/llama-f16.gguf")));
  CHECK_ERROR("adapter.missing-pair", inspect_adapter(adapter_with(1, "blk.0.attn_k.weight.lora_b")));
  CHECK_ERROR("file.missing", inspect_adapter("/no/such/adapter.gguf"));
}

TEST("a conversion to F32 keeps every bit, and strings can be added") {
  const std::string target = hone::test::temporary_folder() + "/copy.gguf";
  convert_adapter(kAdapter, target, DType::F32,
                  {{"hone.note", "a note"}, {"general.name", "renamed"}, {"general.base_model.0.name", "Base"}});
  const auto source = GgufFile::open(kAdapter), copy = GgufFile::open(target);
  CHECK_EQUAL(copy->metadata().string("hone.note", ""), "a note");
  CHECK_EQUAL(copy->metadata().string("general.name", ""), "renamed");
  CHECK(*copy->metadata().find("general.base_model.count") == MetadataValue(uint32_t{1}));
  CHECK_EQUAL(copy->tensors().size(), source->tensors().size());
  for (const TensorInfo& tensor : source->tensors()) {
    const auto a = source->data(tensor), b = copy->data(copy->require(tensor.name));
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
}

TEST("an adapter can be converted onto itself") {
  const std::string path = adapter_with(0.25f);
  const auto before = std::filesystem::file_size(path);
  convert_adapter(path, path, DType::F16, {});
  CHECK(std::filesystem::file_size(path) < before);
  CHECK(GgufFile::open(path)->tensors().front().dtype == DType::F16);
}

TEST("values that F16 cannot hold and values that are no numbers stop a conversion before anything is written") {
  const std::string target = hone::test::temporary_folder() + "/out.gguf";
  CHECK_ERROR("adapter.overflow", (convert_adapter(adapter_with(1e6f), target, DType::F16, {}), 0));
  CHECK_ERROR("adapter.not-finite",
              (convert_adapter(adapter_with(std::numeric_limits<float>::quiet_NaN()), target, DType::F32, {}), 0));
  CHECK_ERROR("adapter.metadata", (convert_adapter(kAdapter, target, DType::F32, {{"adapter.type", "x"}}), 0));
  CHECK(!std::filesystem::exists(target));
  convert_adapter(adapter_with(1e6f), target, DType::F32, {});
  CHECK(std::filesystem::exists(target));
}
