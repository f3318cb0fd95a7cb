#include "model/model.h"

#include "gguf/reader.h"
#include "model/tokenizer/tokenizer.h"

#include <utility>

namespace hone {

std::shared_ptr<const Model> Model::load(const std::string& path, Backend& backend, const ModelOptions& options) {
  auto file = GgufFile::open(path);
  const std::string type = file->metadata().string("general.type", "model");
  if (type != "model") {
    throw Error("model.unsupported", path + " is not a model: its general.type is \"" + type + "\"",
                type == "adapter" ? "This is an adapter. Add it on the Export page." : "Choose a GGUF model.");
  }
  ModelConfig config = read_config(*file, options.activation);
  ModelWeights weights = load_weights(file, config, backend);
  return std::make_shared<const Model>(std::move(file), std::move(config), std::move(weights), backend);
}

Model::Model(std::shared_ptr<const GgufFile> file, ModelConfig config, ModelWeights weights, Backend& backend)
    : file_(std::move(file)), config_(std::move(config)), weights_(std::move(weights)), backend_(&backend) {
  try {
    tokenizer_ = Tokenizer::from_metadata(file_->metadata());
  } catch (const Error& error) {
    tokenizer_problem_ = error.what();
  }
}

Model::~Model() = default;

}  // namespace hone
