#include "gguf/split_writer.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "gguf/split.h"
#include "gguf/writer.h"

#include <utility>

namespace hone {
namespace {

constexpr size_t kMostParts = 65535;

/// Ranges [begin, end) of the tensors of each part.
std::vector<std::pair<size_t, size_t>> parts_of(const GgufFile& file, uint64_t part_bytes) {
  std::vector<std::pair<size_t, size_t>> parts{{0, 0}};
  uint64_t filled = 0;
  for (size_t index = 0; index < file.tensors().size(); ++index) {
    const uint64_t bytes = file.data(file.tensors()[index]).size();
    if (filled > 0 && filled + bytes > part_bytes) {
      parts.emplace_back(index, index);
      filled = 0;
    }
    parts.back().second = index + 1;
    filled += bytes;
  }
  return parts;
}

Metadata part_metadata(const GgufFile& file, size_t index, size_t count) {
  Metadata metadata = index == 0 ? file.metadata() : Metadata(file.path());
  for (const char* key : {"split.no", "split.count", "split.tensors.count"}) metadata.erase(key);
  // The alignment of the first part holds for that part only.
  if (index > 0 && file.metadata().contains("general.alignment"))
    metadata.set("general.alignment", *file.metadata().find("general.alignment"));
  if (count > 1) {
    metadata.set("split.no", static_cast<uint16_t>(index));
    metadata.set("split.count", static_cast<uint16_t>(count));
    metadata.set("split.tensors.count", static_cast<int32_t>(file.tensors().size()));
  }
  return metadata;
}

}  // namespace

std::vector<std::string> split_gguf(const std::string& source, const std::string& stem, uint64_t part_bytes) {
  const auto file = GgufFile::open(source);
  const auto parts = parts_of(*file, part_bytes);
  if (parts.size() > kMostParts)
    throw Error("gguf.split", source + ": this would become " + std::to_string(parts.size()) + " parts; the format counts to " +
                                  std::to_string(kMostParts),
                "Make the parts larger.");
  std::vector<std::string> paths;
  for (size_t index = 0; index < parts.size(); ++index) {
    paths.push_back(parts.size() == 1 ? stem + ".gguf" : shard_name(stem, static_cast<int64_t>(index),
                                                                     static_cast<int64_t>(parts.size())));
    const auto tensors = file->tensors().subspan(parts[index].first, parts[index].second - parts[index].first);
    GgufWriter writer(paths.back(), part_metadata(*file, index, parts.size()), {tensors.begin(), tensors.end()});
    for (const TensorInfo& tensor : tensors) writer.write(file->data(tensor));
    writer.commit();
  }
  return paths;
}

}  // namespace hone
