#include "train/trainer.h"

#include "model/adapter_file.h"
#include "model/rewrite.h"
#include "support/test.h"
#include "train/checkpoint_adapter.h"
#include "train/checkpoint_pair.h"
#include "train/memory.h"
#include "train/run_plan.h"
#include "train/training_fixture.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>

using namespace hone;
using namespace hone::test;

namespace {

constexpr const char* kModel = "llama-tq2_0.gguf";

std::vector<Example> examples(int count, int32_t vocabulary, int shift = 0) {
  std::vector<Example> all;
  for (int i = 0; i < count; ++i) {
    Example example;
    const int length = 8 + (i * 5) % 11;
    for (int j = 0; j < length; ++j) {
      example.tokens.push_back((7 * (i + shift) + 3 * j) % vocabulary);
      example.targets.push_back(j >= 3);
    }
    all.push_back(std::move(example));
  }
  return all;
}

struct Setting {
  std::unique_ptr<Backend> backend = make_cpu_backend(2);
  std::shared_ptr<const Model> model = Model::load(model_fixture(kModel), *backend);
  Recipe recipe;
  TrainingData data;

  Setting() {
    recipe.rank = 4;
    recipe.learning_rate = 5e-3f;
    recipe.max_steps = 6;
    recipe.batch_size = 3;
    recipe.accumulation = 2;
    recipe.warmup_steps = 2;
    recipe.dropout = 0.1f;
    const auto vocabulary = static_cast<int32_t>(model->config().vocabulary);
    data.train = examples(16, vocabulary);
    data.validation = examples(3, vocabulary, 100);
  }

  std::unique_ptr<Trainer> trainer(const LoraAdapter* start = nullptr) const {
    return std::make_unique<Trainer>(*backend, model->config(), model->weights(), recipe, data, start);
  }

  std::vector<float> result(Trainer& trainer) const { return values_of(*backend, trainer.adapter().flat()); }
};

struct Recorder : TrainingObserver {
  std::vector<StepReport> steps;
  std::vector<ValidationReport> validations;
  std::function<void()> after_step = [] {};

  void on_step(const StepReport& report) override {
    steps.push_back(report);
    after_step();
  }
  void on_validation(const ValidationReport& report) override { validations.push_back(report); }
};

}  // namespace

TEST("a run learns its examples and reports every step") {
  Setting setting;
  setting.recipe.max_steps = 40;
  setting.recipe.dropout = 0;
  setting.recipe.validate_every = 20;
  const auto trainer = setting.trainer();
  Recorder recorder;
  CHECK(trainer->run(recorder) == TrainingEnd::finished);
  CHECK_EQUAL(recorder.steps.size(), 40u);
  CHECK_AT_MOST(recorder.steps.back().loss, 0.3 * recorder.steps.front().loss);
  CHECK_EQUAL(recorder.steps.back().total, 40);
  CHECK_EQUAL(recorder.validations.size(), 3u);  // before the first step, at 20, at the end
  CHECK_EQUAL(recorder.validations.front().step, 0);
  CHECK(recorder.validations.front().loss > 0);
  CHECK(recorder.steps.front().gradient_norm > 0);
  CHECK(recorder.steps.front().tokens_per_second > 0);
  CHECK_AT_MOST(std::abs(recorder.steps.front().learning_rate - 2.5e-3f), 1e-9f);  // half of the warm-up
}

TEST("a run that was stopped, saved and resumed ends with the same bits as the unbroken one") {
  for (const bool checkpointing : {true, false}) {
    Setting setting;
    setting.recipe.checkpointing = checkpointing;
    const auto whole = setting.trainer();
    Recorder recorder;
    CHECK(whole->run(recorder) == TrainingEnd::finished);

    const std::string path = temporary_folder() + "/run.checkpoint";
    const auto first = setting.trainer();
    Recorder stopping;
    stopping.after_step = [&] {
      if (first->steps_done() == 3) first->request_stop();
    };
    CHECK(first->run(stopping) == TrainingEnd::stopped);
    CHECK_EQUAL(first->steps_done(), 3);
    first->save_checkpoint(path);

    const auto second = setting.trainer();
    second->load_checkpoint(path);
    CHECK_EQUAL(second->steps_done(), 3);
    Recorder rest;
    CHECK(second->run(rest) == TrainingEnd::finished);
    CHECK(setting.result(*second) == setting.result(*whole));
    CHECK_EQUAL(rest.steps.back().loss, recorder.steps.back().loss);
    CHECK_EQUAL(rest.steps.back().tokens_total, recorder.steps.back().tokens_total);

    // The stopped trainer itself can go on, too.
    CHECK(first->run(stopping) == TrainingEnd::finished);
    CHECK(setting.result(*first) == setting.result(*whole));
  }
}

TEST("checkpointing changes no bit of the result") {
  Setting setting;
  Recorder ignored;
  const auto again = setting.trainer();
  again->run(ignored);
  setting.recipe.checkpointing = false;
  const auto kept = setting.trainer();
  kept->run(ignored);
  CHECK(setting.result(*again) == setting.result(*kept));
}

TEST("a checkpoint of another recipe, other data or another model is refused") {
  Setting setting;
  const std::string path = temporary_folder() + "/run.checkpoint";
  setting.trainer()->save_checkpoint(path);
  Setting other;
  other.recipe.learning_rate = 1e-3f;
  CHECK_ERROR("checkpoint.mismatch", other.trainer()->load_checkpoint(path));
  Setting less;
  less.data.train.pop_back();
  CHECK_ERROR("checkpoint.mismatch", less.trainer()->load_checkpoint(path));
  Setting larger;
  larger.model = Model::load(model_fixture("bitnet-tq2_0.gguf"), *larger.backend);
  CHECK_ERROR("checkpoint.mismatch", larger.trainer()->load_checkpoint(path));
  CHECK_ERROR("checkpoint.mismatch", setting.trainer()->load_checkpoint(model_fixture(kModel)));
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST("a checkpoint with any changed bit or any missing end is refused, and the trainer stays as it was") {
  Setting setting;
  const std::string path = temporary_folder() + "/run.checkpoint";
  const auto trainer = setting.trainer();
  trainer->save_checkpoint(path);
  const std::string whole = bytes_of(path);
  const auto before = setting.result(*trainer);
  const auto refused = [&](const std::string& bytes) {
    put_bytes(path, bytes);
    try {
      trainer->load_checkpoint(path);
    } catch (const Error&) {
      return true;
    }
    return false;
  };
  // The tail holds weights, moments and checksum; padding between them is nobody's.
  const size_t values = whole.size() - 4096;
  for (size_t place = values; place < whole.size() - 64; place += 97) {
    std::string changed = whole;
    changed[place] = static_cast<char>(changed[place] ^ (1 << (place % 8)));
    CHECK(refused(changed));
  }
  for (size_t length = 0; length < whole.size() - 32; length += 1 + whole.size() / 50) {
    CHECK(refused(whole.substr(0, length)));
  }
  CHECK(setting.result(*trainer) == before);
  CHECK(!refused(whole));
}

TEST("a run goes on from the newest whole checkpoint and comes to the bits of the unbroken one") {
  Setting setting;
  const auto whole = setting.trainer();
  Recorder ignored;
  whole->run(ignored);
  const auto expected = setting.result(*whole);

  using From = CheckpointPair::Resumed::From;
  enum class Damage { none, newest_cut, newest_gone, both_cut };
  for (const auto& [damage, from] : {std::pair{Damage::none, From::newest},
                                     std::pair{Damage::newest_cut, From::previous},
                                     std::pair{Damage::newest_gone, From::previous},
                                     std::pair{Damage::both_cut, From::start}}) {
    const std::string path =
        temporary_folder() + "/" + std::to_string(static_cast<int>(damage)) + ".checkpoint";
    const std::string previous = path + ".previous";
    {
      CheckpointPair pair(path);
      const auto first = setting.trainer();
      StepReport report;
      for (int step = 0; step < 4; ++step) {
        first->step(report);
        pair.save(*first);
        pair.save(*first);  // nothing new: must not push out the one before
      }
    }
    if (damage == Damage::newest_cut || damage == Damage::both_cut) put_bytes(path, bytes_of(path).substr(0, 5000));
    if (damage == Damage::both_cut) put_bytes(previous, bytes_of(previous).substr(0, 100));
    if (damage == Damage::newest_gone) std::filesystem::remove(path);

    CheckpointPair pair(path);
    const auto second = setting.trainer();
    const auto resumed = pair.load(*second);
    CHECK(resumed.from == from);
    CHECK_EQUAL(resumed.told.empty(), from == From::newest);
    CHECK_EQUAL(second->steps_done(), from == From::newest ? 4 : from == From::previous ? 3 : 0);
    // The next one must not push a damaged file over the good one.
    StepReport report;
    second->step(report);
    pair.save(*second);
    const auto third = setting.trainer();
    CHECK(CheckpointPair(path).load(*third).from == From::newest);
    CHECK(third->run(ignored) == TrainingEnd::finished);
    CHECK(setting.result(*third) == expected);
  }
}

TEST("a checkpoint that is kept gives back the adapter of its step, as a run that ends there leaves it") {
  Setting setting;
  const std::string folder = temporary_folder() + "/kept";
  CheckpointPair pair(temporary_folder() + "/kept.checkpoint", folder);
  const auto trainer = setting.trainer();
  CHECK(!pair.save(*trainer)->kept);  // nothing is learned yet
  std::vector<std::string> adapters;
  StepReport report;
  for (int step = 1; step <= 3; ++step) {
    trainer->step(report);
    const auto saved = pair.save(*trainer);
    CHECK(saved.has_value() && saved->kept);
    CHECK_EQUAL(saved->step, step);
    const std::string path = temporary_folder() + "/expected.gguf";
    write_adapter(path, trainer->adapter(), setting.model->config().architecture, "LoRA adapter", {{"key", "value"}});
    adapters.push_back(bytes_of(path));
  }
  for (int step = 1; step <= 3; ++step) {
    const std::string kept = folder + "/" + std::to_string(step) + ".gguf";
    const std::string path = temporary_folder() + "/found.gguf";
    const auto found = write_checkpoint_adapter(kept, *setting.backend, *setting.model, setting.recipe, path,
                                                {{"key", "value"}});
    CHECK_EQUAL(found.step, step);
    CHECK(bytes_of(path) == adapters[static_cast<size_t>(step - 1)]);
    std::string damaged = bytes_of(kept);
    damaged[damaged.size() - 100] ^= 4;
    put_bytes(kept, damaged);
    CHECK_ERROR("checkpoint.damaged", write_checkpoint_adapter(kept, *setting.backend, *setting.model, setting.recipe,
                                                               path, {}));
  }
}

TEST("a run with a patience ends when validation brings nothing lower, with the adapter of the lowest") {
  Setting setting;
  setting.recipe.max_steps = 60;
  setting.recipe.learning_rate = 2e-2f;  // learns by heart within few steps
  setting.recipe.validate_every = 2;
  setting.recipe.patience = 2;
  const auto early = setting.trainer();
  Recorder recorder;
  CHECK(early->run(recorder) == TrainingEnd::finished);
  CHECK(early->steps_done() < 60);
  const auto best = early->best();
  CHECK(best.has_value());
  CHECK_EQUAL(best->waited, 2);
  CHECK_EQUAL(best->step, early->steps_done() - 4);
  for (const auto& validation : recorder.validations) CHECK(validation.step == 0 || validation.loss >= best->loss);
  early->take_best();
  CHECK_AT_MOST(std::abs(early->validate().loss - best->loss), 1e-12);

  // Stopped anywhere, also between a step and its validation, it comes to the same end.
  for (int64_t at = 1; at < early->steps_done(); ++at) {
    const std::string path = temporary_folder() + "/" + std::to_string(at) + ".checkpoint";
    const auto first = setting.trainer();
    Recorder stopping;
    stopping.after_step = [&] {
      if (first->steps_done() == at) first->request_stop();
    };
    CHECK(first->run(stopping) == TrainingEnd::stopped);
    first->save_checkpoint(path);
    const auto second = setting.trainer();
    second->load_checkpoint(path);
    Recorder rest;
    CHECK(second->run(rest) == TrainingEnd::finished);
    CHECK_EQUAL(second->steps_done(), early->steps_done());
    second->take_best();
    CHECK(setting.result(*second) == setting.result(*early));
  }

  // Without a patience nothing of this happens.
  setting.recipe.patience = 0;
  const auto patient = setting.trainer();
  Recorder ignored;
  CHECK(patient->run(ignored) == TrainingEnd::finished);
  CHECK_EQUAL(patient->steps_done(), 60);
  CHECK(!patient->best().has_value());
}

TEST("accumulation, packing and one large batch give the same gradients") {
  for (const auto& [label, backend] : all_backends()) {
    const auto model = Model::load(model_fixture("bitnet-tq2_0.gguf"), *backend);
    const auto loaded = read_adapter(model_fixture("lora-bitnet-tq2_0.gguf"), model->config(), *backend);
    const auto documents = examples(4, static_cast<int32_t>(model->config().vocabulary));
    int64_t targets = 0;
    TrainingRow packed;
    for (const auto& document : documents) packed.append(document.tokens, document.targets);
    for (const int32_t target : packed.targets) targets += target >= 0;
    const float weight = 1.0f / static_cast<float>(targets);

    const auto one = LoraAdapter::like(*backend, *loaded.adapter);
    const auto four = LoraAdapter::like(*backend, *loaded.adapter);
    const auto pass_into = [&](const LoraAdapter& gradients) {
      return std::make_unique<TrainingPass>(*backend, model->config(), model->weights(),
                                            PassOptions{.tokens = packed.size(), .positions = 32},
                                            std::vector<ActiveAdapter>{{loaded.adapter.get(), 1}}, loaded.adapter.get(),
                                            &gradients);
    };
    const double whole = pass_into(*one)->learn(packed, weight).loss;
    const auto pass = pass_into(*four);
    double sum = 0;
    for (const auto& document : documents) {
      TrainingRow row;
      row.append(document.tokens, document.targets);
      sum += pass->learn(row, weight).loss;
    }
    CHECK_AT_MOST(std::abs(whole - sum), 1e-3);
    const double error = relative_error(values_of(*backend, four->flat()), values_of(*backend, one->flat()));
    report(std::string(label) + " relative difference " + std::to_string(error));
    CHECK_AT_MOST(error, 1e-5);
  }
}

TEST("micro-batches of 4 x 1 and 1 x 4 examples follow the same course") {
  Setting setting;
  setting.recipe.dropout = 0;
  std::vector<std::vector<double>> losses;
  for (const bool many : {false, true}) {
    for (const bool packing : {false, true}) {
      setting.recipe.batch_size = many ? 1 : 4;
      setting.recipe.accumulation = many ? 4 : 1;
      setting.recipe.packing = packing;
      Recorder recorder;
      setting.trainer()->run(recorder);
      losses.emplace_back();
      for (const auto& step : recorder.steps) losses.back().push_back(step.loss);
    }
  }
  for (const auto& course : losses) {
    for (size_t i = 0; i < course.size(); ++i) CHECK_AT_MOST(std::abs(course[i] - losses[0][i]), 2e-3 * losses[0][i]);
  }
}

TEST("data that cannot teach is refused, and cut examples are counted") {
  Setting setting;
  setting.recipe.max_length = 3;  // answers begin at token 3
  CHECK_ERROR("data.nothing-to-learn", setting.trainer());
  setting.recipe.max_length = 10;
  int64_t longer = 0;
  for (const auto* part : {&setting.data.train, &setting.data.validation}) {
    for (const auto& example : *part) longer += example.tokens.size() > 10;
  }
  CHECK_EQUAL(setting.trainer()->truncated_examples(), longer);
  setting.data.train[2].tokens[1] = 1 << 20;
  CHECK_ERROR("data.token", setting.trainer());
  setting.data.train.clear();
  CHECK_ERROR("data.empty", setting.trainer());
}

TEST("settings out of range are refused by name") {
  const auto refused = [](const std::function<void(Recipe&)>& change) {
    Setting setting;
    change(setting.recipe);
    CHECK_ERROR("recipe.value", setting.trainer());
  };
  refused([](Recipe& r) { r.rank = 0; });
  refused([](Recipe& r) { r.learning_rate = std::numeric_limits<float>::quiet_NaN(); });
  refused([](Recipe& r) { r.dropout = 1; });
  refused([](Recipe& r) { r.projections.clear(); });
  refused([](Recipe& r) { r.projections = {Projection::q, Projection::q}; });
  refused([](Recipe& r) { r.max_length = 1 << 30; });
  refused([](Recipe& r) { r.accumulation = 0; });
}

TEST("validation before the first step gives the loss that the first step finds on the same examples") {
  Setting setting;
  setting.recipe.dropout = 0;
  setting.data.train.resize(6);  // one step sees them all
  setting.data.validation = setting.data.train;
  const auto trainer = setting.trainer();
  const ValidationReport before = trainer->validate();
  StepReport report;
  CHECK(trainer->step(report));
  CHECK_EQUAL(before.targets, report.targets);
  CHECK_AT_MOST(std::abs(before.loss - report.loss), 1e-4);
}

TEST("a model with a damaged block is refused before the first step") {
  const std::string path = rewrite(model_fixture(kModel), [](Rewrite& file) {
    auto& tensor = file.tensor("blk.1.ffn_up.weight");
    const size_t block = traits(DType::TQ2_0).block_bytes;
    tensor.bytes[5 * block - 1] = std::byte{0x7c};  // the scale ends the block: infinity as F16
    tensor.bytes[5 * block - 2] = std::byte{0};
  });
  Setting setting;
  setting.model = Model::load(path, *setting.backend);
  CHECK_ERROR("model.not-finite", setting.trainer());
}

TEST("a diverged step is skipped and says so") {
  Setting setting;
  const auto trainer = setting.trainer();
  const Tensor b = trainer->adapter().pairs()[0].b;
  const std::vector<float> broken(static_cast<size_t>(b.elements()), std::numeric_limits<float>::infinity());
  setting.backend->upload(b, broken.data());
  const auto damaged = setting.result(*trainer);
  StepReport report;
  CHECK(trainer->step(report));
  CHECK(!report.skipped.empty());
  CHECK(setting.result(*trainer) == damaged);
}

TEST("training goes on from an adapter, if it has the shape of the recipe") {
  Setting setting;
  const auto first = setting.trainer();
  Recorder recorder;
  first->run(recorder);
  const auto second = setting.trainer(&first->adapter());
  CHECK(setting.result(*second) == setting.result(*first));
  setting.recipe.rank = 8;
  CHECK_ERROR("recipe.value", setting.trainer(&first->adapter()));
}

TEST("the same seed gives the same adapter, another seed another one, on any number of threads") {
  std::vector<std::vector<float>> results;
  for (const unsigned threads : {2u, 1u, 2u}) {
    Setting setting;
    setting.backend = make_cpu_backend(threads);
    setting.model = Model::load(model_fixture(kModel), *setting.backend);
    if (results.size() == 2) setting.recipe.seed = 9;
    const auto trainer = setting.trainer();
    Recorder recorder;
    trainer->run(recorder);
    results.push_back(setting.result(*trainer));
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0] != results[2]);
}

TEST("noise on the embedding changes what is learned, the same with the same seed, and no validation") {
  const auto trained = [](float noise, uint64_t seed) {
    Setting setting;
    setting.recipe.dropout = 0;
    setting.recipe.embedding_noise = noise;
    setting.recipe.seed = seed;
    const auto trainer = setting.trainer();
    const double before = trainer->validate().loss;
    StepReport report;
    trainer->step(report);
    return std::pair(before, setting.result(*trainer));
  };
  const auto plain = trained(0, 1), noisy = trained(5, 1);
  CHECK_EQUAL(plain.first, noisy.first);
  CHECK(plain.second != noisy.second);
  CHECK(noisy.second == trained(5, 1).second);
}

TEST("projections may have ranks of their own, each scaled by its own") {
  Setting setting;
  setting.recipe.ranks = {{Projection::v, 8}, {Projection::down, 2}};
  const auto trainer = setting.trainer();
  for (const auto& pair : trainer->adapter().pairs()) {
    const int64_t expected = pair.projection == Projection::v ? 8 : pair.projection == Projection::down ? 2 : 4;
    CHECK_EQUAL(pair.rank(), expected);
    CHECK_EQUAL(trainer->adapter().scale(pair), setting.recipe.alpha / static_cast<float>(expected));
  }
  StepReport report;
  CHECK(trainer->step(report) && report.skipped.empty());
  setting.recipe.rank_stabilised = true;
  CHECK_ERROR("recipe.value", setting.trainer());
  setting.recipe.rank_stabilised = false;
  setting.recipe.ranks = {{Projection::q, 0}};
  CHECK_ERROR("recipe.value", setting.trainer());
}

TEST("the memory forecast counts what a run allocates") {
  for (const auto* name : {"llama-tq2_0.gguf", "bitnet-scale-tq2_0.gguf", "qwen3-q8_0.gguf", "gemma3-q8_0.gguf",
                           "fused-phi-q8_0.gguf", "lfm2-q8_0.gguf"}) {
    for (const bool checkpointing : {true, false}) {
      Setting setting;
      setting.model = Model::load(model_fixture(name), *setting.backend);
      setting.recipe.checkpointing = checkpointing;
      setting.recipe.ranks = {{Projection::k, 6}};
      const auto trainer = setting.trainer();
      StepReport report;
      trainer->step(report);
      std::vector<int64_t> lengths;
      int64_t longest = 0;
      for (const auto& example : setting.data.train) lengths.push_back(static_cast<int64_t>(example.tokens.size()));
      for (const auto& example : setting.data.validation) {
        longest = std::max(longest, static_cast<int64_t>(example.tokens.size()));
      }
      const RunPlan plan = plan_run(setting.recipe, lengths, longest);
      const auto& config = setting.model->config();
      const MemoryForecast forecast =
          forecast_memory(config, setting.model->weights(), setting.recipe, plan.row_tokens, plan.longest, 2);
      CHECK_EQUAL(forecast.adapter + forecast.stored + forecast.working + forecast.head, report.memory_bytes);
      CHECK(forecast.total > forecast.weights + report.memory_bytes);
    }
  }
}
