#include "gguf/split.h"

#include "core/error.h"

#include <cstdio>

namespace hone {
namespace {

/// "-00002-of-00003.gguf" for index 1 of 3.
std::string suffix(int64_t index, int64_t count) {
  char text[64];
  std::snprintf(text, sizeof text, "-%05lld-of-%05lld.gguf", static_cast<long long>(index + 1),
                static_cast<long long>(count));
  return text;
}

}  // namespace

std::optional<Shard> find_shard(const Metadata& metadata) {
  const auto count = metadata.find_integer("split.count");
  if (!count || *count == 1) return std::nullopt;
  const Shard shard{metadata.require_integer("split.no"), *count, metadata.require_integer("split.tensors.count")};
  if (shard.count < 1 || shard.count > 65535 || shard.index < 0 || shard.index >= shard.count || shard.tensors < 0) {
    throw Error("gguf.split", metadata.source() + ": this claims to be part " + std::to_string(shard.index) + " of " +
                                  std::to_string(shard.count) + " with " + std::to_string(shard.tensors) + " tensors");
  }
  return shard;
}

std::string shard_path(const std::string& first_path, int64_t index, int64_t count) {
  const std::string ending = suffix(0, count);
  if (!first_path.ends_with(ending)) {
    throw Error("gguf.split",
                first_path + ": this is the first of " + std::to_string(count) + " parts, so its name must end in \"" +
                    ending + "\"",
                "Give all parts of the model their original names.");
  }
  return first_path.substr(0, first_path.size() - ending.size()) + suffix(index, count);
}

std::string shard_name(const std::string& stem, int64_t index, int64_t count) { return stem + suffix(index, count); }

}  // namespace hone
