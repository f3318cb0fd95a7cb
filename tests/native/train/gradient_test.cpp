#include "ops/adamw.h"
#include "ops/elementwise.h"
#include "support/test.h"
#include "train/optimizer.h"
#include "train/training_fixture.h"

#include <cstdio>

using namespace hone;
using namespace hone::test;

namespace {

std::string line(const std::string& name, const char* backend, double error, double loss) {
  char text[160];
  std::snprintf(text, sizeof(text), "%-34s %-9s worst tensor %.2e, loss %.6f", name.c_str(), backend, error, loss);
  return text;
}

}  // namespace

TEST("gradients of every adapter tensor equal automatic differentiation in float64") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* run : {"grad-lora-llama-f16", "grad-lora-llama-q4_k", "grad-lora-bitnet-tq2_0",
                            "grad-lora-bitnet-tq2_0.bitlinear", "grad-lora-qwen3-q8_0"}) {
      GradientCase task(*backend, run);
      const LossSums sums = task.learn(*backend, true);
      const double loss = sums.loss / static_cast<double>(task.targets);
      const auto expected = read_adapter(model_fixture(std::string(run) + ".gguf"), task.model->config(), *backend);
      const double worst = worst_error(*backend, *task.gradients, *expected.adapter);
      report(line(run, label, worst, loss));
      CHECK_AT_MOST(worst, 1e-3);
      CHECK_AT_MOST(std::abs(loss - gradient_cases()["runs"][run]["loss"].number()), 1e-3);

      GradientNorm norm(*backend);
      const Tensor flat = task.gradients->flat();
      const double expected_norm = gradient_cases()["runs"][run]["global_grad_norm"].number();
      CHECK_AT_MOST(std::abs(norm.of({&flat, 1}) / expected_norm - 1), 1e-3);
    }
  }
}

TEST("three optimiser steps give the reference adapter and its losses") {
  const Json& settings = gradient_cases()["adamw"];
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* name : {"lora-llama-f16", "lora-llama-q4_k", "lora-bitnet-tq2_0", "lora-qwen3-q8_0"}) {
      const std::string run = std::string("step-") + name;
      GradientCase task(*backend, run);
      const auto m = LoraAdapter::like(*backend, *task.loaded.adapter);
      const auto v = LoraAdapter::like(*backend, *task.loaded.adapter);
      std::vector<double> losses;
      for (int64_t step = 1; step <= 4; ++step) {
        backend->run(ops::Fill{.y = task.gradients->flat(), .value = 0});
        losses.push_back(task.learn(*backend, true).loss / static_cast<double>(task.targets));
        if (step == 4) break;
        backend->run(ops::AdamW{.w = task.loaded.adapter->flat(),
                                .gradient = task.gradients->flat(),
                                .m = m->flat(),
                                .v = v->flat(),
                                .step = step,
                                .learning_rate = static_cast<float>(settings["lr"].number()),
                                .weight_decay = static_cast<float>(settings["weight_decay"].number())});
      }
      const auto expected = read_adapter(model_fixture(run + ".gguf"), task.model->config(), *backend);
      const double worst = worst_error(*backend, *task.loaded.adapter, *expected.adapter);
      report(line(run, label, worst, losses.back()));
      const auto expected_losses = gradient_cases()["runs"][run]["losses_before_each_step_and_after"].numbers<double>();
      for (size_t i = 0; i < losses.size(); ++i) {
        CHECK_AT_MOST(std::abs(losses[i] - expected_losses[i]), 1e-3 * (1 + expected_losses[i]));
      }
      CHECK_AT_MOST(worst, 1e-3);
    }
  }
}

TEST("keeping block internals and computing them again give the same bits") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* run : {"grad-lora-llama-f16", "grad-lora-bitnet-tq2_0.bitlinear", "grad-lora-qwen3-q8_0"}) {
      GradientCase again(*backend, run), kept(*backend, run);
      CHECK_EQUAL(again.learn(*backend, true).loss, kept.learn(*backend, false).loss);
      CHECK(values_of(*backend, again.gradients->flat()) == values_of(*backend, kept.gradients->flat()));
    }
  }
}

TEST("a fresh adapter has no gradient in a and some in b") {
  const auto backend = make_reference_backend();
  GradientCase task(*backend, "grad-lora-llama-f16");
  initialise_lora(*task.loaded.adapter, 3);
  task.learn(*backend, true);
  for (const auto& pair : task.gradients->pairs()) {
    double a = 0, b = 0;
    for (const float value : values_of(*backend, pair.a)) a += std::abs(value);
    for (const float value : values_of(*backend, pair.b)) b += std::abs(value);
    CHECK_EQUAL(a, 0.0);
    CHECK(b > 0);
  }
}

TEST("adapters on few projections get the gradients they get among all, as deep as they reach") {
  const auto backend = make_reference_backend();
  GradientCase all(*backend, "grad-lora-bitnet-tq2_0");
  all.learn(*backend, true);
  for (const auto projection : kPlainProjections) {
    // The same adapter, but only one projection of the upper layers learns: the others stay as a frozen second one.
    GradientCase part(*backend, "grad-lora-bitnet-tq2_0");
    std::vector<LoraShape> mine, others;
    for (const auto& shape : part.loaded.adapter->shapes()) {
      (shape.projection == projection && shape.layer >= 1 ? mine : others).push_back(shape);
    }
    const float alpha = part.loaded.adapter->alpha();
    LoraAdapter trained(*backend, mine, alpha), frozen(*backend, others, alpha);
    for (auto* adapter : {&trained, &frozen}) {
      for (const auto& pair : adapter->pairs()) {
        const LoraPair* source = part.loaded.adapter->find(pair.layer, pair.projection);
        backend->upload(pair.a, values_of(*backend, source->a).data());
        backend->upload(pair.b, values_of(*backend, source->b).data());
      }
    }
    const auto gradients = LoraAdapter::like(*backend, trained);
    TrainingPass pass(*backend, part.model->config(), part.model->weights(),
                      {.tokens = part.row.size(), .positions = part.row.size(), .activations = ActivationMode::exact},
                      {{&trained, 1}, {&frozen, 1}}, &trained, gradients.get());
    pass.learn(part.row, 1.0f / static_cast<float>(part.targets));
    for (const auto& pair : gradients->pairs()) {
      const LoraPair* expected = all.gradients->find(pair.layer, pair.projection);
      CHECK_AT_MOST(relative_error(values_of(*backend, pair.a), values_of(*backend, expected->a)), 1e-5);
      CHECK_AT_MOST(relative_error(values_of(*backend, pair.b), values_of(*backend, expected->b)), 1e-5);
    }
  }
}
