#pragma once

#include "model/model.h"
#include "train/recipe.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hone {

struct CheckpointAdapter {
  int64_t step = 0;
  uint64_t checksum = 0;  ///< of the checkpoint
};

/// Writes the adapter as it was at a checkpoint of a run with `recipe`, as the end of that run writes its own: a run
/// that ends at this step leaves the same bytes. Errors: those of read_checkpoint_tensors and write_adapter.
CheckpointAdapter write_checkpoint_adapter(const std::string& checkpoint, Backend& backend, const Model& model,
                                           const Recipe& recipe, const std::string& path,
                                           const std::vector<std::pair<std::string, std::string>>& metadata);

/// What an adapter is called whose metadata have no "general.name".
std::string adapter_name(const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace hone
