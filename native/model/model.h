#pragma once

#include "model/config.h"
#include "model/weights.h"

#include <memory>
#include <optional>
#include <string>

namespace hone {

class GgufFile;
class Tokenizer;

struct ModelOptions {
  std::optional<ops::ActivationKind> activation;  ///< overrides the rule of the architecture
};

/// A base model resident on one backend: the mapped file, its numbers, its tensors, its tokenizer.
/// Read-only after loading, so any number of decoders may share it; the backend still belongs to one thread
/// at a time.
class Model {
 public:
  /// Errors: those of GgufFile::open, read_config and load_weights; "model.unsupported" for a file that is an
  /// adapter or a projector.
  static std::shared_ptr<const Model> load(const std::string& path, Backend& backend, const ModelOptions& options = {});

  Model(std::shared_ptr<const GgufFile> file, ModelConfig config, ModelWeights weights, Backend& backend);
  ~Model();

  const GgufFile& file() const noexcept { return *file_; }
  const ModelConfig& config() const noexcept { return config_; }
  const ModelWeights& weights() const noexcept { return weights_; }
  Backend& backend() const noexcept { return *backend_; }

  /// nullptr when the file's tokenizer is of a kind that Hone cannot run; `tokenizer_problem` then says why.
  const Tokenizer* tokenizer() const noexcept { return tokenizer_.get(); }
  const std::string& tokenizer_problem() const noexcept { return tokenizer_problem_; }

 private:
  std::shared_ptr<const GgufFile> file_;
  ModelConfig config_;
  ModelWeights weights_;
  Backend* backend_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::string tokenizer_problem_;
};

}  // namespace hone
