#pragma once

#include "core/random.h"
#include "train/training_fixture.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hone::test {

/// One model per architecture and per type, with layers of each kind it has: local and global ones, convolutions and
/// attention, rotated and not.
struct EveryModel {
  const char* name;
  std::vector<int64_t> layers;
};

inline const std::vector<EveryModel> kEveryModel = {
    {"llama-f32", {0}},           {"llama-f16", {1}},          {"llama-bf16", {0}},       {"llama-q8_0", {0}},
    {"llama-q4_0", {1}},          {"llama-q4_1", {0}},         {"llama-q5_0", {0}},       {"llama-q5_1", {0}},
    {"llama-q2_k", {0}},          {"llama-q3_k", {0}},         {"llama-q4_k", {1}},       {"llama-q5_k", {0}},
    {"llama-q6_k", {1}},          {"llama-iq4_nl", {0}},       {"llama-tq2_0", {0}},      {"llama-yarn-q8_0", {0}},
    {"llama-yarn-keys", {0}},
    {"qwen2-q5_k", {0}},          {"qwen3-q8_0", {0}},         {"smollm3-q8_0", {0, 3}},  {"gemma3-q8_0", {0, 5}},
    {"fused-phi-q8_0", {0, 1}},   {"phi3-longrope", {0, 1}},   {"lfm2-q8_0", {0, 1, 2}},  {"bitnet-tq2_0", {0}},
    {"bitnet-tq1_0", {0}},        {"bitnet-scale-tq2_0", {0}}, {"bitnet-relu2-tq2_0", {0}}, {"bitnet158-i2_s", {0}},
};

inline std::vector<int32_t> every_model_tokens(const std::string& name) {
  return logit_cases()[name]["tokens"].numbers<int32_t>();
}

/// Logits in float64.
inline std::vector<float> every_model_truth(const std::string& name) {
  return read_npy(model_fixture(name + ".exact.npy")).values;
}

/// An adapter on every matrix of a model, both halves random, and a row to learn.
struct Learning {
  Backend& backend;
  std::shared_ptr<const Model> model;
  std::unique_ptr<LoraAdapter> adapter, gradients;
  TrainingRow row;
  int64_t targets = 0;

  Learning(Backend& backend_, const std::string& name) : backend(backend_) {
    model = Model::load(model_fixture(name + ".gguf"), backend);
    adapter = std::make_unique<LoraAdapter>(backend, lora_shapes(model->config(), kPlainProjections, 4), 8.0f);
    initialise_lora(*adapter, 5);
    uint64_t stream = 0;
    for (const auto& pair : adapter->pairs()) {
      std::vector<float> values(static_cast<size_t>(pair.b.elements()));
      const uint64_t key = derive_key(11, stream++);
      for (size_t i = 0; i < values.size(); ++i) values[i] = 0.2f * random_uniform(key, i) - 0.1f;
      backend.upload(pair.b, values.data());
    }
    gradients = LoraAdapter::like(backend, *adapter);
    add(every_model_tokens(name));
  }

  void add(std::span<const int32_t> tokens) {
    row.append(tokens, std::vector<uint8_t>(tokens.size(), 1));
    targets = 0;
    for (const int32_t target : row.targets) targets += target >= 0;
  }

  TrainingPass pass(bool learning, ActivationMode mode = ActivationMode::exact) {
    return {backend,
            model->config(),
            model->weights(),
            {.tokens = row.size(),
             .positions = row.size(),
             .activations = mode,
             .gradients = learning},
            {{adapter.get(), 1}},
            adapter.get(),
            gradients.get()};
  }

  void learn(ActivationMode mode = ActivationMode::exact) {
    gradients = LoraAdapter::like(backend, *adapter);
    pass(true, mode).learn(row, 1.0f / static_cast<float>(targets));
  }

  double loss(ActivationMode mode = ActivationMode::exact) {
    return pass(false, mode).evaluate(row).loss / static_cast<double>(targets);
  }

  /// Moves the adapter down its gradient so far that the loss should fall by `share` of itself; what it fell by, as a
  /// share of that.
  double descend(double share, ActivationMode mode) {
    const double before = loss(mode);
    auto values = values_of(backend, adapter->flat());
    const auto slope = values_of(backend, gradients->flat());
    double square = 0;
    for (const float value : slope) square += static_cast<double>(value) * value;
    const double step = share * before / square;
    for (size_t i = 0; i < values.size(); ++i) values[i] -= static_cast<float>(step * slope[i]);
    backend.upload(adapter->flat(), values.data());
    return (before - loss(mode)) / (share * before);
  }
};

}  // namespace hone::test
