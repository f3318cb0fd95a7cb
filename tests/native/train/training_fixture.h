#pragma once

#include "model/fixture_models.h"
#include "train/training_pass.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hone::test {

inline const Json& gradient_cases() {
  static const Json cases = read_json(model_fixture("gradients.json"));
  return cases;
}

/// One run of gradients.json, ready to be computed.
struct GradientCase {
  std::shared_ptr<const Model> model;
  LoadedAdapter loaded;
  std::unique_ptr<LoraAdapter> gradients;
  TrainingRow row;
  int64_t targets = 0;
  ActivationMode mode = ActivationMode::exact;

  GradientCase(Backend& backend, const std::string& run) {
    const Json& facts = gradient_cases()["runs"][run];
    model = Model::load(model_fixture(facts["model"].text()), backend);
    loaded = read_adapter(model_fixture(facts["adapter"].text()), model->config(), backend);
    gradients = LoraAdapter::like(backend, *loaded.adapter);
    if (facts["mode"].text() == "bitlinear") mode = ActivationMode::automatic;
    const std::string plain = run.starts_with("step-") ? "grad-" + run.substr(5) : run;
    const Json& source = gradient_cases()["runs"][plain];
    const auto tokens = source["tokens"].numbers<int32_t>();
    std::vector<uint8_t> learned = {0};  // the mask of the file is about targets 1 … n-1
    for (const auto bit : source["target_mask"].numbers<uint8_t>()) learned.push_back(bit);
    row.append(tokens, learned);
    for (const int32_t target : row.targets) targets += target >= 0;
  }

  LossSums learn(Backend& backend, bool checkpointing) {
    TrainingPass pass(backend, model->config(), model->weights(),
                      {.tokens = row.size(),
                       .positions = row.size(),
                       .checkpointing = checkpointing,
                       .activations = mode},
                      {{loaded.adapter.get(), 1}}, loaded.adapter.get(), gradients.get());
    return pass.learn(row, 1.0f / static_cast<float>(targets));
  }
};

/// Largest relative error over all tensors of an adapter file.
inline double worst_error(Backend& backend, const LoraAdapter& found, const LoraAdapter& expected) {
  double worst = 0;
  for (size_t i = 0; i < expected.pairs().size(); ++i) {
    const auto& a = found.pairs()[i];
    const auto& b = expected.pairs()[i];
    if (a.tensor_name() != b.tensor_name()) throw Failure("pairs in another order");
    worst = std::max(worst, relative_error(values_of(backend, a.a), values_of(backend, b.a)));
    worst = std::max(worst, relative_error(values_of(backend, a.b), values_of(backend, b.b)));
  }
  return worst;
}

}  // namespace hone::test
