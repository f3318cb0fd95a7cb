#pragma once

#include "gguf/metadata.h"

#include <optional>
#include <string>

namespace hone {

/// The place of one file in a model that is split over several.
struct Shard {
  int64_t index = 0;  ///< counted from 0
  int64_t count = 1;
  int64_t tensors = 0;  ///< over all shards
};

/// Reads split.no, split.count and split.tensors.count; nothing when the file is whole. Throws "gguf.split" for
/// numbers out of range.
std::optional<Shard> find_shard(const Metadata& metadata);

/// Path of shard `index` beside `first_path`, whose name must end in "-00001-of-NNNNN.gguf" with the right count;
/// "gguf.split" otherwise. Nothing of the file's content goes into the path.
std::string shard_path(const std::string& first_path, int64_t index, int64_t count);

/// "STEM-00002-of-00003.gguf" for index 1 of 3.
std::string shard_name(const std::string& stem, int64_t index, int64_t count);

}  // namespace hone
