#pragma once

#include "model/adapter_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hone {

class GgufFile;

/// What an adapter file says of itself.
struct AdapterInfo {
  std::string architecture, name;
  int64_t rank = 0;        ///< the largest, as pairs may differ
  float alpha = 0;         ///< 0: the file has none
  int64_t parameters = 0;
  std::vector<std::string> notices;  ///< in words, for the person
};

/// Reads an adapter without a base model. Errors: those of GgufFile::open; "adapter.type", "adapter.empty",
/// "adapter.missing-pair" and "adapter.shape" naming the tensor.
AdapterInfo inspect_adapter(const std::string& path);

/// Throws "adapter.type" unless the file is a LoRA adapter.
void check_adapter_kind(const GgufFile& file);

AdapterInfo describe_adapter(const LoadedAdapter& loaded);

}  // namespace hone
