#include "model/adapter_convert.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "gguf/writer.h"
#include "model/adapter_info.h"
#include "quant/codec.h"

#include <cmath>
#include <span>

namespace hone {
namespace {

constexpr float kLargestF16 = 65504;

Metadata converted_metadata(const GgufFile& file, DType dtype,
                            const std::vector<std::pair<std::string, std::string>>& added) {
  Metadata metadata = file.metadata();
  for (const auto& [key, value] : added) {
    if (key == "general.architecture" || key == "general.type" || key == "general.alignment" ||
        (key.starts_with("adapter.") && key != "adapter.lora.task_name") || key.starts_with("split.") || key.empty()) {
      throw Error("adapter.metadata", "the key \"" + key + "\" decides what the adapter is and cannot be set");
    }
    metadata.set(key, value);
    // A number, whatever it came as.
    if (key.starts_with("general.base_model.")) metadata.set("general.base_model.count", uint32_t{1});
  }
  if (metadata.contains("general.file_type")) metadata.set("general.file_type", dtype == DType::F16 ? 1u : 0u);
  for (const char* key : {"split.no", "split.count", "split.tensors.count"}) metadata.erase(key);
  return metadata;
}

void check_values(const TensorInfo& info, std::span<const float> values, DType dtype) {
  for (const float value : values) {
    if (!std::isfinite(value)) {
      throw Error("adapter.not-finite", info.name + " holds a value that is not a finite number",
                  "The adapter is damaged or its training diverged.");
    }
    if (dtype == DType::F16 && std::abs(value) > kLargestF16) {
      throw Error("adapter.overflow",
                  info.name + " holds " + std::to_string(value) + ", F16 ends at " + std::to_string(kLargestF16),
                  "Export the adapter as F32.");
    }
  }
}

}  // namespace

void convert_adapter(const std::string& source, const std::string& target, DType dtype,
                     const std::vector<std::pair<std::string, std::string>>& metadata) {
  ensure(dtype == DType::F32 || dtype == DType::F16, "adapters are written as F32 or F16");
  (void)inspect_adapter(source);
  const auto file = GgufFile::open(source);
  std::vector<TensorInfo> infos;
  for (const TensorInfo& info : file->tensors()) {
    if (!can_decode(info.dtype) || info.dtype == DType::I2_S) {
      throw Error("adapter.tensor", info.name + " has type " + std::string(traits(info.dtype).name) +
                                        ", which cannot be converted");
    }
    const auto axes = static_cast<size_t>(info.dimensions > 0 ? info.dimensions : 1);
    infos.push_back(make_tensor_info(info.name, dtype, std::span(info.ne).first(axes)));
  }
  GgufWriter writer(target, converted_metadata(*file, dtype, metadata), std::move(infos));
  std::vector<float> values;
  std::vector<std::byte> bytes;
  for (const TensorInfo& info : file->tensors()) {
    values.resize(static_cast<size_t>(info.elements()));
    decode_row(info.dtype, file->data(info).data(), values.data(), info.elements());  // rows are whole blocks
    check_values(info, values, dtype);
    bytes.resize(matrix_bytes(dtype, info.rows(), info.columns()));
    encode_row(dtype, values.data(), bytes.data(), info.elements());
    writer.write(bytes);
  }
  writer.commit();
}

}  // namespace hone
