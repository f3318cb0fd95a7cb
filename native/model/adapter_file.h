#pragma once

#include "model/lora.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hone {

struct LoadedAdapter {
  std::unique_ptr<LoraAdapter> adapter;
  std::string architecture;
  std::string name;                  ///< general.name, may be empty
  std::vector<std::string> notices;  ///< dropped pairs, in words
  std::vector<std::pair<std::string, std::string>> metadata;  ///< all string keys, in file order
};

/// Reads a GGUF LoRA adapter (F32, F16, BF16, Q8_0) for a model of `config`. Errors, all by name with numbers:
/// "adapter.type" (not a LoRA adapter), "adapter.architecture" (made for another one), "adapter.missing-pair",
/// "adapter.tensor" (unknown, not in the model, or an embedding pair), "adapter.shape", "adapter.not-finite",
/// "adapter.empty", "adapter.unsupported" (activated LoRA).
LoadedAdapter read_adapter(const std::string& path, const ModelConfig& config, Backend& backend);

/// Writes a float32 GGUF adapter that llama.cpp loads: keys in the order of the specification, then `metadata`
/// (string keys, such as general.base_model.0.name or hone.base.sha256), tensors by layer, then q, k, v, output,
/// gate, up, down, a before b. Written beside `path`, synced and renamed.
void write_adapter(const std::string& path, const LoraAdapter& adapter, const std::string& architecture,
                   const std::string& name, const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace hone
