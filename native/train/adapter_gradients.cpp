#include "train/adapter_gradients.h"

#include "core/error.h"
#include "ops/adamw.h"
#include "ops/elementwise.h"
#include "train/optimizer.h"
#include "train/training_pass.h"

#include <algorithm>
#include <memory>

namespace hone {
namespace {

TrainingRow make_row(const ModelConfig& config, std::span<const int32_t> tokens, std::span<const uint8_t> learned) {
  for (const int32_t token : tokens) {
    if (token >= 0 && token < config.vocabulary) continue;
    throw Error("generate.token", "token " + std::to_string(token) + " is outside the vocabulary of " +
                                      std::to_string(config.vocabulary));
  }
  if (tokens.empty() || learned.size() != tokens.size()) {
    throw Error("gradients.targets", std::to_string(tokens.size()) + " tokens come with a mask of " +
                                         std::to_string(learned.size()));
  }
  TrainingRow row;
  row.append(tokens, learned);
  return row;
}

/// A copy of an adapter that can be changed, with its gradients, on the backend that computes.
class Learner {
 public:
  Learner(Backend& backend, const Model& model, const LoraAdapter& adapter, std::span<const int32_t> tokens,
          std::span<const uint8_t> learned, ActivationMode activations)
      : row_(make_row(model.config(), tokens, learned)), backend_(&backend) {
    targets_ = std::ranges::count_if(row_.targets, [](int32_t target) { return target >= 0; });
    if (targets_ == 0) throw Error("gradients.targets", "no token of the sequence is learned");
    weights_ = LoraAdapter::like(*backend_, adapter);
    gradients_ = LoraAdapter::like(*backend_, adapter);
    std::vector<float> values(static_cast<size_t>(adapter.flat().elements()));
    adapter.backend().download(adapter.flat(), values.data());
    backend_->upload(weights_->flat(), values.data());
    const PassOptions options{.tokens = row_.size(), .positions = row_.size(), .activations = activations};
    pass_ = std::make_unique<TrainingPass>(*backend_, model.config(), model.weights(), options,
                                           std::vector<ActiveAdapter>{{weights_.get(), 1}}, weights_.get(),
                                           gradients_.get());
  }

  /// Mean loss; the gradients are new.
  double learn() {
    backend_->run(ops::Fill{.y = gradients_->flat(), .value = 0});
    return pass_->learn(row_, 1.0f / static_cast<float>(targets_)).loss / static_cast<double>(targets_);
  }

  const LoraAdapter& weights() const noexcept { return *weights_; }
  const LoraAdapter& gradients() const noexcept { return *gradients_; }

 private:
  TrainingRow row_;
  int64_t targets_ = 0;
  Backend* backend_;
  std::unique_ptr<LoraAdapter> weights_, gradients_;
  std::unique_ptr<TrainingPass> pass_;
};

std::vector<NamedMatrix> matrices_of(const LoraAdapter& adapter) {
  std::vector<NamedMatrix> all;
  const auto add = [&](const std::string& name, const Tensor& tensor) {
    NamedMatrix matrix{name, tensor.rows, tensor.columns, std::vector<float>(static_cast<size_t>(tensor.elements()))};
    adapter.backend().download(tensor, matrix.values.data());
    all.push_back(std::move(matrix));
  };
  for (const LoraPair& pair : adapter.pairs()) {
    add(pair.tensor_name() + ".lora_a", pair.a);
    add(pair.tensor_name() + ".lora_b", pair.b);
  }
  return all;
}

}  // namespace

AdapterGradients adapter_gradients(Backend& backend, const Model& model, const LoraAdapter& adapter,
                                   std::span<const int32_t> tokens, std::span<const uint8_t> learned,
                                   ActivationMode activations) {
  Learner learner(backend, model, adapter, tokens, learned, activations);
  AdapterGradients result;
  result.loss = learner.learn();
  GradientNorm norm(backend);
  const Tensor flat = learner.gradients().flat();
  result.norm = norm.of({&flat, 1});
  result.matrices = matrices_of(learner.gradients());
  return result;
}

AdapterSteps adapter_steps(Backend& backend, const Model& model, const LoraAdapter& adapter,
                           std::span<const int32_t> tokens, std::span<const uint8_t> learned,
                           ActivationMode activations, const AdamWSettings& settings, int64_t steps) {
  Learner learner(backend, model, adapter, tokens, learned, activations);
  const auto m = LoraAdapter::like(backend, adapter);
  const auto v = LoraAdapter::like(backend, adapter);
  AdapterSteps result;
  for (int64_t step = 1; step <= steps; ++step) {
    result.losses.push_back(learner.learn());
    backend.run(ops::AdamW{.w = learner.weights().flat(),
                                     .gradient = learner.gradients().flat(),
                                     .m = m->flat(),
                                     .v = v->flat(),
                                     .step = step,
                                     .learning_rate = settings.learning_rate,
                                     .beta1 = settings.beta1,
                                     .beta2 = settings.beta2,
                                     .epsilon = settings.epsilon,
                                     .weight_decay = settings.weight_decay});
  }
  result.losses.push_back(learner.learn());
  result.matrices = matrices_of(learner.weights());
  return result;
}

}  // namespace hone
