#include "train/checkpoint.h"

#include "gguf/reader.h"
#include "gguf/writer.h"

#include <array>
#include <memory>
#include <span>

namespace hone {
namespace {

constexpr uint32_t kVersion = 1;

[[noreturn]] void mismatch(const std::string& path, const std::string& what) {
  throw Error("checkpoint.mismatch", path + " cannot continue this run: " + what,
              "Start the run anew, or continue with the settings, the data and the model it was started with.");
}

void compare(const std::string& path, const Metadata& metadata, const char* key, const std::string& expected,
             const std::string& what) {
  if (metadata.string(key, "") != expected) mismatch(path, what + " differs from the one it was made with");
}

std::shared_ptr<const GgufFile> open_checkpoint(const std::string& path, const std::string& model) {
  auto file = GgufFile::open(path);
  const Metadata& metadata = file->metadata();
  if (metadata.string("general.type", "") != "checkpoint" ||
      metadata.integer("hone.checkpoint.version", 0) != kVersion) {
    mismatch(path, "it is not a checkpoint of this version of Hone");
  }
  compare(path, metadata, "hone.checkpoint.model", model, "the model");
  return file;
}

void read_tensors(const std::string& path, const GgufFile& file, const std::vector<CheckpointTensor>& tensors,
                  Backend& backend) {
  for (const auto& each : tensors) {
    const TensorInfo* info = file.find(each.name);
    if (!info || info->dtype != DType::F32 || info->elements() != each.tensor.elements()) {
      mismatch(path, "its tensor \"" + each.name + "\" does not hold " + std::to_string(each.tensor.elements()) +
                         " float32 numbers");
    }
  }
  for (const auto& each : tensors) backend.upload(each.tensor, file.data(file.require(each.name)).data());
}

}  // namespace

void write_checkpoint(const std::string& path, const CheckpointIdentity& identity, const CheckpointProgress& progress,
                      const std::vector<CheckpointTensor>& tensors, Backend& backend) {
  Metadata metadata(path);
  metadata.set("general.architecture", std::string("hone"));
  metadata.set("general.type", std::string("checkpoint"));
  metadata.set("hone.checkpoint.version", kVersion);
  metadata.set("hone.checkpoint.recipe", identity.recipe);
  metadata.set("hone.checkpoint.data", identity.data);
  metadata.set("hone.checkpoint.model", identity.model);
  metadata.set("hone.checkpoint.step", progress.step);
  metadata.set("hone.checkpoint.updates", progress.updates);
  metadata.set("hone.checkpoint.tokens", progress.tokens);

  std::vector<TensorInfo> infos;
  for (const auto& each : tensors) infos.push_back(make_tensor_info(each.name, DType::F32, {each.tensor.elements()}));
  GgufWriter writer(path, metadata, std::move(infos));
  std::vector<float> values;
  for (const auto& each : tensors) {
    values.resize(static_cast<size_t>(each.tensor.elements()));
    backend.download(each.tensor, values.data());
    writer.write(std::as_bytes(std::span<const float>(values)));
  }
  writer.commit();
}

CheckpointProgress read_checkpoint(const std::string& path, const CheckpointIdentity& identity, int64_t total_steps,
                                   const std::vector<CheckpointTensor>& tensors, Backend& backend) {
  const auto file = open_checkpoint(path, identity.model);
  const Metadata& metadata = file->metadata();
  compare(path, metadata, "hone.checkpoint.data", identity.data, "the data");
  compare(path, metadata, "hone.checkpoint.recipe", identity.recipe, "the recipe");

  CheckpointProgress progress;
  progress.step = metadata.integer("hone.checkpoint.step", -1);
  progress.updates = metadata.integer("hone.checkpoint.updates", -1);
  progress.tokens = metadata.integer("hone.checkpoint.tokens", -1);
  if (progress.step < 0 || progress.step > total_steps || progress.updates < 0 || progress.updates > progress.step ||
      progress.tokens < 0) {
    mismatch(path, "its step " + std::to_string(progress.step) + " is not one of the run's " +
                       std::to_string(total_steps));
  }
  read_tensors(path, *file, tensors, backend);
  return progress;
}

void read_checkpoint_tensors(const std::string& path, const std::string& model,
                             const std::vector<CheckpointTensor>& tensors, Backend& backend) {
  read_tensors(path, *open_checkpoint(path, model), tensors, backend);
}

}  // namespace hone
