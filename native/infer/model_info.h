#pragma once

#include "model/config.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hone {

class GgufFile;

/// What a person wants to know of a model before using it. Texts come from the file: untrusted.
struct ModelInfo {
  struct Share {
    std::string dtype;
    int64_t tensors = 0;
    uint64_t bytes = 0;
  };

  std::string path;
  uint64_t file_bytes = 0;
  std::string name;  ///< general.name, else the name of the file
  int64_t parameters = 0;
  ModelConfig config;
  std::vector<Share> types;  ///< largest share of the bytes first
  std::string tokenizer_model, tokenizer_pre;  ///< empty where the file has no tokenizer
  std::optional<std::string> chat_template, license, description;
  std::vector<std::string> why_not_trainable;  ///< reasons in words; empty when an adapter can be trained
};

/// Reads header and metadata, and looks at every tensor's shape and type without reading its numbers (vectors apart).
/// Errors: those of GgufFile::open and read_config; "model.unsupported" for an adapter or a projector. A file that Hone
/// understands but cannot compute with is no error: `why_not_trainable` says so.
ModelInfo inspect_model(const std::string& path, std::optional<ops::ActivationKind> activation = std::nullopt);

/// The same of a file that is open already and whose numbers were read.
ModelInfo describe_model(const GgufFile& file, const ModelConfig& config);

}  // namespace hone
