#include "infer/model_info.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "model/weights.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace hone {
namespace {

std::optional<std::string> optional_string(const Metadata& metadata, std::string_view key) {
  const std::string* text = metadata.find_string(key);
  return text ? std::optional(*text) : std::nullopt;
}

void check_is_model(const GgufFile& file) {
  const std::string type = file.metadata().string("general.type", "model");
  if (type == "model") return;
  throw Error("model.unsupported", file.path() + " is not a model: its general.type is \"" + type + "\"",
              type == "adapter" ? "This is an adapter. Add it as one, next to its model." : "Choose a GGUF model.");
}

std::vector<ModelInfo::Share> shares_by_type(const GgufFile& file) {
  std::map<DType, ModelInfo::Share> shares;
  for (const TensorInfo& tensor : file.tensors()) {
    ModelInfo::Share& share = shares[tensor.dtype];
    share.dtype = traits(tensor.dtype).name;
    ++share.tensors;
    share.bytes += tensor.bytes;
  }
  std::vector<ModelInfo::Share> sorted;
  for (auto& [dtype, share] : shares) sorted.push_back(std::move(share));
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  return sorted;
}

}  // namespace

ModelInfo describe_model(const GgufFile& file, const ModelConfig& config) {
  const Metadata& metadata = file.metadata();
  ModelInfo info;
  info.path = file.path();
  info.file_bytes = file.file_bytes();
  info.name = metadata.string("general.name", "");
  if (info.name.empty()) info.name = std::filesystem::path(file.path()).stem().string();
  info.config = config;
  for (const TensorInfo& tensor : file.tensors()) info.parameters += tensor.elements();
  info.types = shares_by_type(file);
  info.tokenizer_model = metadata.string("tokenizer.ggml.model", "");
  info.tokenizer_pre = metadata.string("tokenizer.ggml.pre", "");
  info.chat_template = optional_string(metadata, "tokenizer.chat_template");
  info.license = optional_string(metadata, "general.license");
  info.description = optional_string(metadata, "general.description");
  return info;
}

ModelInfo inspect_model(const std::string& path, std::optional<ops::ActivationKind> activation) {
  const auto file = GgufFile::open(path);
  check_is_model(*file);
  ModelInfo info = describe_model(*file, read_config(*file, activation));
  try {
    const auto backend = make_cpu_backend(1);
    const ModelWeights weights = load_weights(file, info.config, *backend);
  } catch (const Error& error) {
    info.why_not_trainable.push_back(error.what());
  }
  return info;
}

}  // namespace hone
