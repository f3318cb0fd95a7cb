#include "support/test.h"
#include "train/every_model.h"

#include <cstdio>
#include <set>

/// Gradients of adapters on every architecture and every block format, against finite differences.
using namespace hone;
using namespace hone::test;

namespace {

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
  for (const auto& [name, layers] : kEveryModel) {
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
  for (const auto& [label, backend] : all_backends()) {
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

TEST("an adapter on few matrices gets the gradients it gets among all, as deep as it reaches, in every architecture") {
  const auto backend = make_cpu_backend(2);
  for (const auto* name : {"smollm3-q8_0", "gemma3-q8_0", "fused-phi-q8_0", "lfm2-q8_0"}) {
    Learning all(*backend, name);
    all.learn();
    std::set<Projection> matrices;
    for (const auto& shape : all.adapter->shapes()) matrices.insert(shape.projection);
    for (const auto projection : matrices) {
      // One kind of matrix in the upper layers learns; the rest of the same adapter stays as a frozen second one.
      std::vector<LoraShape> mine, others;
      for (const auto& shape : all.adapter->shapes()) {
        (shape.projection == projection && shape.layer >= 1 ? mine : others).push_back(shape);
      }
      LoraAdapter trained(*backend, mine, all.adapter->alpha()), frozen(*backend, others, all.adapter->alpha());
      for (auto* adapter : {&trained, &frozen}) {
        for (const auto& pair : adapter->pairs()) {
          const LoraPair* source = all.adapter->find(pair.layer, pair.projection);
          backend->upload(pair.a, values_of(*backend, source->a).data());
          backend->upload(pair.b, values_of(*backend, source->b).data());
        }
      }
      const auto gradients = LoraAdapter::like(*backend, trained);
      TrainingPass pass(*backend, all.model->config(), all.model->weights(),
                        {.tokens = all.row.size(), .positions = all.row.size(), .activations = ActivationMode::exact},
                        {{&trained, 1}, {&frozen, 1}}, &trained, gradients.get());
      pass.learn(all.row, 1.0f / static_cast<float>(all.targets));
      for (const auto& pair : gradients->pairs()) {
        const LoraPair* expected = all.gradients->find(pair.layer, pair.projection);
        CHECK_AT_MOST(relative_error(values_of(*backend, pair.a), values_of(*backend, expected->a)), 1e-5);
        CHECK_AT_MOST(relative_error(values_of(*backend, pair.b), values_of(*backend, expected->b)), 1e-5);
      }
    }
  }
}
