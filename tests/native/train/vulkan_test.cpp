#include "backend/vulkan/vulkan.h"

#include "infer/generate.h"
#include "support/vulkan.h"
#include "train/every_model.h"
#include "train/trainer.h"

#include <cmath>
#include <cstdio>

/// Whole models on the GPU beside the CPU. What single ops do is tested under backend/, logits and recorded gradients
/// where the other backends are.
using namespace hone;
using namespace hone::test;

namespace {

struct Run {
  std::unique_ptr<Backend> backend;
  std::shared_ptr<const Model> model;
  Recipe recipe = {};
  TrainingData data = {};

  explicit Run(std::unique_ptr<Backend> backend_, const char* name = "llama-tq2_0.gguf")
      : backend(std::move(backend_)), model(Model::load(model_fixture(name), *backend)) {
    recipe.rank = 4;
    recipe.learning_rate = 5e-3f;
    recipe.max_steps = 8;
    recipe.batch_size = 3;
    recipe.accumulation = 2;
    recipe.warmup_steps = 2;
    recipe.dropout = 0.1f;
    recipe.embedding_noise = 5;
    const auto vocabulary = static_cast<int32_t>(model->config().vocabulary);
    for (int i = 0; i < 16; ++i) {
      Example example;
      for (int j = 0; j < 8 + i * 5 % 11; ++j) {
        example.tokens.push_back((7 * i + 3 * j) % vocabulary);
        example.targets.push_back(j >= 3);
      }
      data.train.push_back(std::move(example));
    }
    data.validation.assign(data.train.begin(), data.train.begin() + 3);
  }

  std::unique_ptr<Trainer> trainer() const {
    return std::make_unique<Trainer>(*backend, model->config(), model->weights(), recipe, data);
  }

  std::vector<float> adapter(const Trainer& trainer) const { return values_of(*backend, trainer.adapter().flat()); }
};

std::vector<double> losses_of(Trainer& trainer) {
  std::vector<double> losses;
  StepReport report;
  while (trainer.step(report)) losses.push_back(report.loss);
  return losses;
}

}  // namespace

TEST("the gradient on every matrix of every architecture and type is that of the CPU on a GPU, too") {
  const auto vulkan = vulkan_for_tests();
  if (!vulkan) return;
  const auto cpu = make_cpu_backend(2);
  double largest = 0;
  for (const auto& [name, layers] : kEveryModel) {
    Learning found(*vulkan, name), expected(*cpu, name);
    found.learn();
    expected.learn();
    const double error =
        relative_error(values_of(*vulkan, found.gradients->flat()), values_of(*cpu, expected.gradients->flat()));
    largest = std::max(largest, error);
    CHECK_AT_MOST(error, 2e-5);
  }
  char text[80];
  std::snprintf(text, sizeof(text), "largest difference %.1e", largest);
  report(text);
}

TEST("commands that no barrier separates may run in any order") {
  const auto forward = vulkan_for_tests(), backward = vulkan_for_tests({.reverse = true});
  if (!forward) return;
  for (const auto* name : {"llama-q4_k", "gemma3-q8_0", "lfm2-q8_0", "bitnet-scale-tq2_0", "fused-phi-q8_0"}) {
    Learning one(*forward, name), other(*backward, name);
    one.learn();
    other.learn();
    CHECK(values_of(*forward, one.gradients->flat()) == values_of(*backward, other.gradients->flat()));
    const auto tokens = logit_cases()[name]["tokens"].numbers<int32_t>();
    CHECK(logits_of(*one.model, tokens) == logits_of(*other.model, tokens));
  }
}

TEST("a run on a GPU follows the course of the same run on the CPU") {
  struct Course {
    const char* model;
    double tolerance;  ///< of every loss, as a share of the first
  };
  // The CPU rounds inputs of Q8_0 to 16 bits. Where inputs are rounded to 8, one code that falls to the other side of a tie moves all that comes after it.
  for (const auto& [name, tolerance] : {Course{"llama-q8_0.gguf", 2e-3}, Course{"llama-tq2_0.gguf", 1e-2}}) {
    auto vulkan = vulkan_for_tests();
    if (!vulkan) return;
    const Run gpu(std::move(vulkan), name), cpu(make_cpu_backend(2), name);
    const auto found = gpu.trainer(), expected = cpu.trainer();
    const auto found_losses = losses_of(*found), expected_losses = losses_of(*expected);
    CHECK_EQUAL(found_losses.size(), 8u);
    double largest = 0;
    for (size_t i = 0; i < found_losses.size(); ++i) {
      largest = std::max(largest, std::abs(found_losses[i] - expected_losses[i]) / expected_losses.front());
    }
    char text[160];
    std::snprintf(text, sizeof(text), "%s: losses from %.4f to %.4f, largest difference %.1e of the first", name,
                  found_losses.front(), found_losses.back(), largest);
    report(text);
    const VulkanWork work = vulkan_work(*gpu.backend);
    std::snprintf(text, sizeof(text), "%llu dispatches, %llu barriers, %llu submissions, %llu of them replayed",
                  static_cast<unsigned long long>(work.dispatches), static_cast<unsigned long long>(work.barriers),
                  static_cast<unsigned long long>(work.batches), static_cast<unsigned long long>(work.replayed));
    report(text);
    CHECK_AT_MOST(largest, tolerance);
    CHECK_AT_MOST(found_losses.back(), 0.95 * found_losses.front());
    CHECK_AT_MOST(std::abs(found->validate().loss - expected->validate().loss) / expected_losses.front(), tolerance);
  }
}

TEST("a run on a GPU that was stopped and resumed ends with the same bits as the unbroken one") {
  auto vulkan = vulkan_for_tests();
  if (!vulkan) return;
  Run run(std::move(vulkan));
  run.recipe.max_steps = 4;
  const auto whole = run.trainer();
  losses_of(*whole);
  const std::string path = temporary_folder() + "/run.checkpoint";
  const auto first = run.trainer();
  StepReport report;
  CHECK(first->step(report) && first->step(report));
  first->save_checkpoint(path);
  const auto second = run.trainer();
  second->load_checkpoint(path);
  losses_of(*second);
  CHECK(run.adapter(*second) == run.adapter(*whole));
}

TEST("a run whose GPU is lost ends with the reason and goes on from its checkpoint on the CPU") {
  if (!vulkan_for_tests()) return;
  const std::string path = temporary_folder() + "/run.checkpoint";
  {
    const Run gpu(vulkan_for_tests({.lose_after = 60}));
    const auto trainer = gpu.trainer();
    StepReport report;
    bool saved = false;
    const auto work = [&] {
      while (trainer->step(report)) {
        trainer->save_checkpoint(path);
        saved = true;
      }
    };
    CHECK_ERROR("vulkan.device-lost", (work(), 0));
    CHECK(saved);
  }
  const Run cpu(make_cpu_backend(2));
  const auto trainer = cpu.trainer();
  trainer->load_checkpoint(path);
  const int64_t done = trainer->steps_done();
  CHECK(done >= 1);
  CHECK_EQUAL(losses_of(*trainer).size(), static_cast<size_t>(8 - done));
}

TEST("a resident model answers on a GPU as on the CPU, with an adapter that was made there") {
  if (!vulkan_for_tests()) return;
  std::vector<std::vector<int32_t>> answers;
  for (const char* device : {"cpu", "vulkan"}) {
    const auto base = ResidentModel::open(model_fixture("bitnet-tq2_0.gguf"), {.device = device});
    const auto adapter = ResidentAdapter::open(model_fixture("lora-bitnet-tq2_0.gguf"), base);
    const auto copy = ResidentAdapter::copy(adapter->adapter(), base);
    GenerateRequest request;
    request.prompt = logit_cases()["bitnet-tq2_0"]["tokens"].numbers<int32_t>();
    request.adapters = {{&copy->adapter(), 1}};
    request.sampling.temperature = 0;
    request.max_tokens = 12;
    const std::atomic<bool> stop = false;
    try {
      answers.push_back(generate(*base, request, [](std::string_view) {}, stop).tokens);
    } catch (const Error& error) {
      CHECK_EQUAL(error.code(), "tokenizer.unsupported");
      return;
    }
  }
  CHECK_EQUAL(answers[0].size(), answers[1].size());
  CHECK(answers[0] == answers[1]);
  CHECK_ERROR("device.unknown", ResidentModel::open(model_fixture("bitnet-tq2_0.gguf"), {.device = "vulkan:x"}));
  CHECK_ERROR("vulkan.absent", ResidentModel::open(model_fixture("bitnet-tq2_0.gguf"), {.device = "vulkan:999"}));
}
