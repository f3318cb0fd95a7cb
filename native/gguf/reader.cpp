#include "gguf/reader.h"

#include "core/error.h"
#include "core/mapped_file.h"
#include "gguf/parse.h"
#include "gguf/split.h"

namespace hone {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

/// Other programs cut a name at a zero byte, so a name that holds one means different things to different readers.
void refuse_zero_bytes(const GgufHeader& header) {
  const auto check = [&](const std::string& name, const char* code, const char* what) {
    if (name.find('\0') == std::string::npos) return;
    throw Error(code, header.metadata.source() + ": " + what + " contains a zero byte: \"" + name.c_str() + "\\0…\"",
                "The file is damaged or was made to confuse readers. Fetch it again from a source you trust.");
  };
  for (const auto& [key, value] : header.metadata.entries()) check(key, "gguf.key", "a key");
  for (const TensorInfo& info : header.tensors) check(info.name, "gguf.name", "a tensor name");
}

/// Maps and checks one file.
std::pair<std::shared_ptr<const MappedFile>, GgufHeader> open_one(const std::string& path) {
  auto mapped = MappedFile::open(path);
  GgufHeader header = parse_gguf(mapped->bytes(), file_name(path));
  refuse_zero_bytes(header);
  return {std::move(mapped), std::move(header)};
}

}  // namespace

std::shared_ptr<const GgufFile> GgufFile::open(const std::string& path) {
  auto [mapped, header] = open_one(path);

  const std::shared_ptr<GgufFile> file(new GgufFile);
  file->path_ = path;
  file->metadata_ = std::move(header.metadata);
  file->add_shard(std::move(mapped), std::move(header.tensors));
  file->open_siblings();

  file->by_name_.reserve(file->tensors_.size());
  for (size_t i = 0; i < file->tensors_.size(); ++i) {
    if (!file->by_name_.emplace(file->tensors_[i].name, i).second) {
      throw Error("gguf.duplicate",
                  file_name(path) + ": the tensor \"" + file->tensors_[i].name + "\" appears in two parts");
    }
  }
  return file;
}

void GgufFile::add_shard(std::shared_ptr<const MappedFile> file, std::vector<TensorInfo> tensors) {
  for (TensorInfo& info : tensors) {
    info.shard = static_cast<int>(shards_.size());
    tensors_.push_back(std::move(info));
  }
  shards_.push_back(std::move(file));
}

void GgufFile::open_siblings() {
  const auto first = find_shard(metadata_);
  if (!first) return;
  if (first->index != 0) {
    throw Error("gguf.split",
                file_name(path_) + ": this is part " + std::to_string(first->index + 1) + " of " +
                    std::to_string(first->count),
                "Open the first part; the others are found beside it.");
  }
  for (int64_t i = 1; i < first->count; ++i) {
    const std::string path = shard_path(path_, i, first->count);
    auto [mapped, header] = open_one(path);
    const auto shard = find_shard(header.metadata);
    if (!shard || shard->index != i || shard->count != first->count) {
      throw Error("gguf.split", file_name(path) + ": this is not part " + std::to_string(i + 1) + " of " +
                                    std::to_string(first->count) + ", as its name says",
                  "The parts seem to come from different models. Fetch them again.");
    }
    add_shard(std::move(mapped), std::move(header.tensors));
  }
  if (tensors_.size() != static_cast<size_t>(first->tensors)) {
    throw Error("gguf.split", file_name(path_) + ": the parts hold " + std::to_string(tensors_.size()) +
                                  " tensors, expected " + std::to_string(first->tensors));
  }
}

const TensorInfo* GgufFile::find(std::string_view name) const {
  const auto place = by_name_.find(name);
  return place == by_name_.end() ? nullptr : &tensors_[place->second];
}

const TensorInfo& GgufFile::require(std::string_view name) const {
  if (const TensorInfo* info = find(name)) return *info;
  throw Error("gguf.tensor_missing", file_name(path_) + ": the tensor \"" + std::string(name) + "\" is missing",
              "The file is incomplete, or of an architecture that names its tensors differently.");
}

std::span<const std::byte> GgufFile::data(const TensorInfo& info) const {
  return shards_.at(static_cast<size_t>(info.shard))->bytes().subspan(info.offset, info.bytes);
}

std::shared_ptr<const void> GgufFile::owner(const TensorInfo& info) const {
  return shards_.at(static_cast<size_t>(info.shard));
}

std::vector<std::string> GgufFile::paths() const {
  std::vector<std::string> all;
  for (const auto& shard : shards_) all.push_back(shard->path());
  return all;
}

uint64_t GgufFile::file_bytes() const noexcept {
  uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard->bytes().size();
  return sum;
}

}  // namespace hone
