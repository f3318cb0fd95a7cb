#pragma once

#include "gguf/metadata.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct Architecture;

/// Keys of one architecture ("llama.block_count") with the checks that every number needs before it is a size. Errors
/// are "model.metadata" with the key, the value found and the limit, unless stated otherwise.
class ArchitectureKeys {
 public:
  ArchitectureKeys(const Metadata& metadata, std::string prefix) : metadata_(metadata), prefix_(std::move(prefix)) {}

  std::string name(std::string_view key) const { return prefix_ + "." + std::string(key); }
  bool contains(std::string_view key) const { return metadata_.contains(name(key)); }

  /// A count, also when it is stored once per layer with the same value everywhere.
  /// Error "model.unsupported" when layers differ.
  int64_t count(std::string_view key, int64_t low, int64_t high, int64_t layers = 0) const;
  int64_t count(std::string_view key, int64_t low, int64_t high, int64_t layers, int64_t fallback) const {
    return contains(key) ? count(key, low, high, layers) : fallback;
  }

  /// A count that may differ from layer to layer; one number stands for all.
  std::vector<int64_t> counts(std::string_view key, int64_t low, int64_t high, int64_t layers) const;

  /// A finite number of at least `low`.
  double real(std::string_view key, double fallback, double low) const;

  std::string string(std::string_view key, std::string_view fallback) const {
    return metadata_.string(name(key), fallback);
  }

  /// Error "model.unsupported" with the names of all keys of this architecture that Hone does not know and that are
  /// not switched off (0 or false): they are variations that would change the result if they were passed over.
  void refuse_unknown(const Architecture& architecture) const;

 private:
  void check(const std::string& name, int64_t value, int64_t low, int64_t high) const;
  std::vector<int64_t> numbers(std::string_view key, int64_t layers) const;

  const Metadata& metadata_;
  std::string prefix_;
};

}  // namespace hone
