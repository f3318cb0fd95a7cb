#include "train/checkpoint_adapter.h"

#include "model/adapter_file.h"
#include "train/checkpoint.h"
#include "train/recipe_adapter.h"
#include "train/run_identity.h"

#include <algorithm>

namespace hone {

std::string adapter_name(const std::vector<std::pair<std::string, std::string>>& metadata) {
  const auto found = std::ranges::find(metadata, "general.name", &std::pair<std::string, std::string>::first);
  return found == metadata.end() ? "LoRA adapter" : found->second;
}

CheckpointAdapter write_checkpoint_adapter(const std::string& checkpoint, Backend& backend, const Model& model,
                                           const Recipe& recipe, const std::string& path,
                                           const std::vector<std::pair<std::string, std::string>>& metadata) {
  const ModelConfig& config = model.config();
  check_recipe(recipe, config);
  const auto adapter = adapter_of(backend, config, recipe, alpha_of(recipe));
  const LoadedCheckpoint loaded =
      read_checkpoint_tensors(checkpoint, model_fingerprint(config), {{"adapter", adapter->flat()}}, backend);
  write_adapter(path, *adapter, config.architecture, adapter_name(metadata), metadata);
  return {loaded.progress.step, loaded.checksum};
}

}  // namespace hone
