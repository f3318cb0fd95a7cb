#include "train/checkpoint.h"

#include "gguf/reader.h"
#include "gguf/writer.h"
#include "train/checksum.h"

#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <span>

namespace hone {
namespace {

/// 2: the last tensor holds the checksum of everything before it.
constexpr uint32_t kVersion = 2;
constexpr const char* kChecksumName = "checksum";

[[noreturn]] void mismatch(const std::string& path, const std::string& what) {
  throw Error("checkpoint.mismatch", path + " cannot continue this run: " + what,
              "Start the run anew, or continue with the settings, the data and the model it was started with.");
}

void compare(const std::string& path, const Metadata& metadata, const char* key, const std::string& expected,
             const std::string& what) {
  if (metadata.string(key, "") != expected) mismatch(path, what + " differs from the one it was made with");
}

[[noreturn]] void damaged(const std::string& path, const std::string& what) {
  throw Error("checkpoint.damaged", path + " is damaged: " + what,
              "Go on from the checkpoint before it, or start the run anew.");
}

/// Over the values that a run goes on from; how the file is laid out is checked by its reader.
Checksum begin_checksum(const CheckpointIdentity& identity, const CheckpointProgress& progress) {
  Checksum sum;
  sum.add(identity.recipe).add(identity.data).add(identity.model);
  sum.add(progress.step).add(progress.updates).add(progress.tokens);
  sum.add(progress.validated).add(progress.best_step).add(progress.waited);
  sum.add(std::bit_cast<int64_t>(progress.best_loss));
  return sum;
}

CheckpointIdentity identity_in(const Metadata& metadata) {
  return {.recipe = metadata.string("hone.checkpoint.recipe", ""),
          .data = metadata.string("hone.checkpoint.data", ""),
          .model = metadata.string("hone.checkpoint.model", "")};
}

CheckpointProgress progress_in(const Metadata& metadata) {
  return {.step = metadata.integer("hone.checkpoint.step", -1),
          .updates = metadata.integer("hone.checkpoint.updates", -1),
          .tokens = metadata.integer("hone.checkpoint.tokens", -1),
          .validated = metadata.integer("hone.checkpoint.validated", -1),
          .best_step = metadata.integer("hone.checkpoint.best_step", -1),
          .waited = metadata.integer("hone.checkpoint.waited", -1),
          .best_loss = metadata.real("hone.checkpoint.best_loss", 0)};
}

uint64_t verify_checksum(const std::string& path, const GgufFile& file) {
  Checksum sum = begin_checksum(identity_in(file.metadata()), progress_in(file.metadata()));
  uint64_t stored = 0;
  bool found = false;
  for (const TensorInfo& info : file.tensors()) {
    if (info.name == kChecksumName) {
      if (info.dtype != DType::I64 || info.elements() != 1) damaged(path, "its checksum is not one number");
      std::memcpy(&stored, file.data(info).data(), sizeof stored);
      found = true;
    } else {
      sum.add(info.name).add(file.data(info));
    }
  }
  if (!found) damaged(path, "it has no checksum");
  if (stored != sum.value()) damaged(path, "its content does not match its checksum");
  return stored;
}

struct OpenCheckpoint {
  std::shared_ptr<const GgufFile> file;
  uint64_t checksum = 0;
};

OpenCheckpoint open_checkpoint(const std::string& path, const std::string& model) {
  OpenCheckpoint open{.file = GgufFile::open(path)};
  const Metadata& metadata = open.file->metadata();
  if (metadata.string("general.type", "") != "checkpoint" ||
      metadata.integer("hone.checkpoint.version", 0) != kVersion) {
    mismatch(path, "it is not a checkpoint of this version of Hone");
  }
  open.checksum = verify_checksum(path, *open.file);
  compare(path, metadata, "hone.checkpoint.model", model, "the model");
  return open;
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

uint64_t write_checkpoint(const std::string& path, const CheckpointIdentity& identity,
                          const CheckpointProgress& progress, const std::vector<CheckpointTensor>& tensors,
                          Backend& backend) {
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
  metadata.set("hone.checkpoint.validated", progress.validated);
  metadata.set("hone.checkpoint.best_step", progress.best_step);
  metadata.set("hone.checkpoint.waited", progress.waited);
  metadata.set("hone.checkpoint.best_loss", progress.best_loss);

  std::vector<TensorInfo> infos;
  for (const auto& each : tensors) infos.push_back(make_tensor_info(each.name, DType::F32, {each.tensor.elements()}));
  infos.push_back(make_tensor_info(kChecksumName, DType::I64, {1}));
  GgufWriter writer(path, metadata, std::move(infos));
  Checksum sum = begin_checksum(identity, progress);
  std::vector<float> values;
  for (const auto& each : tensors) {
    values.resize(static_cast<size_t>(each.tensor.elements()));
    backend.download(each.tensor, values.data());
    const auto bytes = std::as_bytes(std::span<const float>(values));
    sum.add(each.name).add(bytes);
    writer.write(bytes);
  }
  const uint64_t checksum = sum.value();
  writer.write(std::as_bytes(std::span<const uint64_t>(&checksum, 1)));
  writer.commit();
  return checksum;
}

LoadedCheckpoint read_checkpoint(const std::string& path, const CheckpointIdentity& identity, int64_t total_steps,
                                 const std::vector<CheckpointTensor>& tensors, Backend& backend) {
  const OpenCheckpoint open = open_checkpoint(path, identity.model);
  const Metadata& metadata = open.file->metadata();
  compare(path, metadata, "hone.checkpoint.data", identity.data, "the data");
  compare(path, metadata, "hone.checkpoint.recipe", identity.recipe, "the recipe");

  const CheckpointProgress progress = progress_in(metadata);
  if (progress.step < 0 || progress.step > total_steps || progress.updates < 0 || progress.updates > progress.step ||
      progress.tokens < 0 || progress.best_step < 0 || progress.best_step > progress.step || progress.waited < 0) {
    mismatch(path, "its step " + std::to_string(progress.step) + " is not one of the run's " +
                       std::to_string(total_steps));
  }
  read_tensors(path, *open.file, tensors, backend);
  return {progress, open.checksum};
}

LoadedCheckpoint read_checkpoint_tensors(const std::string& path, const std::string& model,
                                         const std::vector<CheckpointTensor>& tensors, Backend& backend) {
  const OpenCheckpoint open = open_checkpoint(path, model);
  read_tensors(path, *open.file, tensors, backend);
  return {progress_in(open.file->metadata()), open.checksum};
}

}  // namespace hone
