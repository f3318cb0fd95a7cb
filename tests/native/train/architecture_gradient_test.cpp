#include "core/random.h"
#include "support/test.h"
#include "train/training_fixture.h"

#include <cstdio>
#include <span>

/// Gradients of adapters on every architecture and every block format, against finite differences.
using namespace hone;
using namespace hone::test;

namespace {

/// One model per architecture and per type, with layers of each kind it has: local and global ones, convolutions and
/// attention, rotated and not.
struct Subject {
  const char* name;
  std::vector<int64_t> layers;
};

const std::vector<Subject> kSubjects = {
    {"llama-f32", {0}},           {"llama-f16", {1}},          {"llama-bf16", {0}},       {"llama-q8_0", {0}},
    {"llama-q4_0", {1}},          {"llama-q4_1", {0}},         {"llama-q5_0", {0}},       {"llama-q5_1", {0}},
    {"llama-q2_k", {0}},          {"llama-q3_k", {0}},         {"llama-q4_k", {1}},       {"llama-q5_k", {0}},
    {"llama-q6_k", {1}},          {"llama-tq2_0", {0}},        {"llama-yarn-q8_0", {0}},  {"qwen2-q5_k", {0}},
    {"qwen3-q8_0", {0}},          {"smollm3-q8_0", {0, 3}},    {"gemma3-q8_0", {0, 5}},   {"fused-phi-q8_0", {0, 1}},
    {"lfm2-q8_0", {0, 1, 2}},     {"bitnet-tq2_0", {0}},       {"bitnet-tq1_0", {0}},     {"bitnet-scale-tq2_0", {0}},
    {"bitnet-relu2-tq2_0", {0}},  {"bitnet158-i2_s", {0}},
};

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
    add(logit_cases()[name]["tokens"].numbers<int32_t>());
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

double norm_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

/// Along the gradient and a random direction at once, so that neither a wrong length nor a missing part passes.
std::vector<float> direction(const std::vector<float>& gradient, uint64_t key) {
  std::vector<float> random(gradient.size());
  for (size_t i = 0; i < random.size(); ++i) random[i] = 2 * random_uniform(key, i) - 1;
  const double length = norm_of(gradient), spread = norm_of(random);
  for (size_t i = 0; i < random.size(); ++i) {
    random[i] = static_cast<float>(gradient[i] / length + random[i] / spread);
  }
  return random;
}

/// The error of one tensor's gradient along `direction`, relative to the gradient's norm.
double slope_error(Learning& task, TrainingPass& pass, const Tensor& tensor, const std::vector<float>& gradient,
                   uint64_t key) {
  const auto along = direction(gradient, key);
  const auto before = values_of(task.backend, tensor);
  const auto loss_at = [&](float step) {
    auto moved = before;
    for (size_t i = 0; i < moved.size(); ++i) moved[i] += step * along[i];
    task.backend.upload(tensor, moved.data());
    return pass.evaluate(task.row).loss / static_cast<double>(task.targets);
  };
  // Richardson: the error of fourth order is far below the noise of float32.
  const float step = 2e-2f;
  const double near = (loss_at(step) - loss_at(-step)) / (2 * step);
  const double far = (loss_at(2 * step) - loss_at(-2 * step)) / (4 * step);
  task.backend.upload(tensor, before.data());
  double expected = 0;
  for (size_t i = 0; i < gradient.size(); ++i) expected += static_cast<double>(gradient[i]) * along[i];
  return std::abs((4 * near - far) / 3 - expected) / norm_of(gradient);
}

}  // namespace

TEST("the gradient on every matrix of every architecture and type is the slope of the loss") {
  const auto backend = make_cpu_backend(2);
  for (const auto& [name, layers] : kSubjects) {
    Learning task(*backend, name);
    task.learn();
    TrainingPass pass = task.pass(false);
    double worst = 0;
    std::string where;
    for (size_t i = 0; i < task.adapter->pairs().size(); ++i) {
      const LoraPair& pair = task.adapter->pairs()[i];
      const LoraPair& gradient = task.gradients->pairs()[i];
      if (std::ranges::find(layers, pair.layer) == layers.end()) continue;
      for (const bool a : {true, false}) {
        const double error = slope_error(task, pass, a ? pair.a : pair.b,
                                         values_of(*backend, a ? gradient.a : gradient.b), derive_key(3, 2 * i + a));
        if (error < worst) continue;
        worst = error;
        where = pair.tensor_name() + (a ? ".lora_a" : ".lora_b");
      }
    }
    char text[160];
    std::snprintf(text, sizeof(text), "%-20s largest error %.1e, %s", name, worst, where.c_str());
    report(text);
    CHECK(!where.empty());
    CHECK_AT_MOST(worst, 2e-3);
  }
}

TEST("both backends give the same gradients on every architecture and type") {
  const auto reference = make_reference_backend();
  const auto cpu = make_cpu_backend(2);
  for (const auto& subject : kSubjects) {
    Learning expected(*reference, subject.name), found(*cpu, subject.name);
    expected.learn();
    found.learn();
    for (size_t i = 0; i < expected.gradients->pairs().size(); ++i) {
      const LoraPair& mine = found.gradients->pairs()[i];
      const LoraPair& theirs = expected.gradients->pairs()[i];
      CHECK_AT_MOST(relative_error(values_of(*cpu, mine.a), values_of(*reference, theirs.a)), 1e-4);
      CHECK_AT_MOST(relative_error(values_of(*cpu, mine.b), values_of(*reference, theirs.b)), 1e-4);
    }
  }
}

TEST("documents packed into one row do not see each other, in any kind of layer") {
  const auto backend = make_reference_backend();
  for (const auto* name : {"llama-f32", "smollm3-q8_0", "gemma3-q8_0", "fused-phi-q8_0", "lfm2-q8_0"}) {
    const auto tokens = logit_cases()[name]["tokens"].numbers<int32_t>();
    const std::span first = std::span(tokens).first(13), second = std::span(tokens).subspan(7);
    Learning packed(*backend, name), apart(*backend, name);
    packed.row = {};
    packed.add(first);
    packed.add(second);
    packed.learn();
    const float weight = 1.0f / static_cast<float>(packed.targets);
    for (const auto& document : {first, second}) {
      apart.row = {};
      apart.add(document);
      apart.pass(true).learn(apart.row, weight);
    }
    const auto found = values_of(*backend, packed.gradients->flat());
    CHECK_AT_MOST(relative_error(found, values_of(*backend, apart.gradients->flat())), 1e-5);
  }
}

TEST("block internals kept or computed again give the same bits in every architecture") {
  for (const auto& [label, backend] : host_backends()) {
    for (const auto* name : {"qwen2-q5_k", "smollm3-q8_0", "gemma3-q8_0", "fused-phi-q8_0", "lfm2-q8_0"}) {
      Learning again(*backend, name), kept(*backend, name);
      again.learn();
      TrainingPass pass(*backend, kept.model->config(), kept.model->weights(),
                        {.tokens = kept.row.size(),
                         .positions = kept.row.size(),
                         .checkpointing = false,
                         .activations = ActivationMode::exact},
                        {{kept.adapter.get(), 1}}, kept.adapter.get(), kept.gradients.get());
      pass.learn(kept.row, 1.0f / static_cast<float>(kept.targets));
      CHECK(values_of(*backend, again.gradients->flat()) == values_of(*backend, kept.gradients->flat()));
    }
  }
}
