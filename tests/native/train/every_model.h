#pragma once

#include "core/float16.h"
#include "core/random.h"
#include "model/merge/merge.h"
#include "model/rewrite.h"
#include "train/training_fixture.h"

#include <atomic>
#include <cstring>
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
    {"llama-q6_k", {1}},          {"llama-iq4_nl", {1}},       {"llama-tq2_0", {0}},      {"llama-yarn-q8_0", {0}},
    {"qwen2-q5_k", {0}},
    {"qwen3-q8_0", {0}},          {"smollm3-q8_0", {0, 3}},    {"gemma3-q8_0", {0, 5}},   {"fused-phi-q8_0", {0, 1}},
    {"lfm2-q8_0", {0, 1, 2}},     {"bitnet-tq2_0", {0}},       {"bitnet-tq1_0", {0}},     {"bitnet-scale-tq2_0", {0}},
    {"bitnet-relu2-tq2_0", {0}},  {"bitnet158-i2_s", {0}},
};

/// No recorded model has IQ4_NL: this is llama-q4_0 with the codes of its blocks read as such, and scales to match.
inline const std::string& iq4_nl_model() {
  static const std::string path = rewrite(model_fixture("llama-q4_0.gguf"), [](Rewrite& file) {
    for (RewrittenTensor& tensor : file.tensors) {
      if (tensor.info.dtype != DType::Q4_0) continue;
      tensor.info.dtype = DType::IQ4_NL;
      for (size_t block = 0; block < tensor.bytes.size(); block += 18) {
        uint16_t d;
        std::memcpy(&d, &tensor.bytes[block], sizeof d);
        d = f16_from_f32(f32_from_f16(d) * 8 / 127);
        std::memcpy(&tensor.bytes[block], &d, sizeof d);
      }
    }
  });
  return path;
}

inline std::string every_model_path(const std::string& name) {
  return name == "llama-iq4_nl" ? iq4_nl_model() : model_fixture(name + ".gguf");
}

inline std::vector<int32_t> every_model_tokens(const std::string& name) {
  return logit_cases()[name == "llama-iq4_nl" ? "llama-q4_0" : name]["tokens"].numbers<int32_t>();
}

/// Logits in float64; of the made model those of the reference backend for its weights written out as F32.
inline std::vector<float> every_model_truth(const std::string& name) {
  if (name != "llama-iq4_nl") return read_npy(model_fixture(name + ".exact.npy")).values;
  const auto backend = make_reference_backend();
  const auto model = Model::load(iq4_nl_model(), *backend);
  const std::string path = temporary_folder() + "/f32.gguf";
  const MergeOptions options{.target = &find_merge_target("f32"), .embedding = EmbeddingChoice::shrink, .metadata = {}};
  // Every tensor is coded anew, as an F32 model stores no smaller ones.
  MergePlan plan = plan_merge(*model, {}, options);
  for (MergedTensor& tensor : plan.tensors) {
    if (!is_merge_matrix(tensor.source)) continue;
    tensor.copied = false;
    tensor.target = make_tensor_info(tensor.source.name, DType::F32, {tensor.source.ne[0], tensor.source.ne[1]});
  }
  const std::atomic<bool> never = false;
  write_merge(*model, plan, path, 1, [](uint64_t, uint64_t) {}, never);
  const auto twin = Model::load(path, *backend);
  return logits_of(*twin, every_model_tokens(name), {}, ActivationMode::exact);
}

/// An adapter on every matrix of a model, both halves random, and a row to learn.
struct Learning {
  Backend& backend;
  std::shared_ptr<const Model> model;
  std::unique_ptr<LoraAdapter> adapter, gradients;
  TrainingRow row;
  int64_t targets = 0;

  Learning(Backend& backend_, const std::string& name) : backend(backend_) {
    model = Model::load(every_model_path(name), backend);
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

  TrainingPass pass(bool learning) {
    return {backend,
            model->config(),
            model->weights(),
            {.tokens = row.size(),
             .positions = row.size(),
             .activations = ActivationMode::exact,
             .gradients = learning},
            {{adapter.get(), 1}},
            adapter.get(),
            gradients.get()};
  }

  void learn() { pass(true).learn(row, 1.0f / static_cast<float>(targets)); }
};

}  // namespace hone::test
