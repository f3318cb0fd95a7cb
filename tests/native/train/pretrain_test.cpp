#include "train/pretrain.h"

#include "core/random.h"
#include "gguf/reader.h"
#include "model/fixture_models.h"
#include "support/test.h"

#include <algorithm>
#include <cmath>

using namespace hone;
using namespace hone::test;

namespace {

std::vector<Example> small_documents(int count, int32_t vocabulary) {
  std::vector<Example> documents;
  for (int i = 0; i < count; ++i) {
    Example document;
    for (int j = 0; j < 12 + i % 5; ++j) document.tokens.push_back((i * 3 + j * (1 + i % 3)) % vocabulary);
    document.targets.assign(document.tokens.size(), 1);
    documents.push_back(std::move(document));
  }
  return documents;
}

/// Random tokens said twice; only the second time is learned.
std::vector<Example> repetitions(int count, uint64_t vocabulary) {
  std::vector<Example> documents(static_cast<size_t>(count));
  for (size_t i = 0; i < documents.size(); ++i) {
    for (uint64_t j = 0; j < 24; ++j) {
      documents[i].tokens.push_back(static_cast<int32_t>(random_bits(i, j % 12) % vocabulary));
      documents[i].targets.push_back(j > 12);
    }
  }
  return documents;
}

/// A vocabulary of single letters and a few controls, enough for a file to be loadable.
Metadata small_tokenizer(int64_t size) {
  Metadata keys("test");
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < size; ++i) tokens.push_back("t" + std::to_string(i));
  keys.set("tokenizer.ggml.model", std::string("gpt2"));
  keys.set("tokenizer.ggml.tokens", MetadataArray(std::move(tokens)));
  return keys;
}

}  // namespace

TEST("the gradient of every kind of weight agrees with finite differences") {
  const auto backend = make_reference_backend();
  PretrainOptions options{.vocabulary = 40, .dim = 16, .feed_forward = 24, .layers = 2, .heads = 4, .groups = 2, .context = 32};
  options.ternary = false;
  Pretrainer trainer(*backend, options, small_documents(3, 40));
  trainer.loss_and_gradient();
  const auto gradient = values_of(*backend, trainer.gradient());
  const auto start = values_of(*backend, trainer.master());

  // Along random directions over all parameters together.
  double worst = 0;
  for (uint64_t trial = 0; trial < 6; ++trial) {
    std::vector<float> direction(start.size());
    double slope = 0;
    for (size_t i = 0; i < start.size(); ++i) {
      direction[i] = random_uniform(trial + 1, i) < 0.5f ? -1.0f : 1.0f;
      // Trials after the first two look at one slice each: embedding first, norms last.
      if (trial >= 2 && (i * 4) / start.size() != trial - 2) direction[i] = 0;
      slope += static_cast<double>(direction[i]) * gradient[i];
    }
    const double step = 1e-4;  // the embedding starts at 0.02, and a norm follows it
    const auto loss_at = [&](double sign) {
      std::vector<float> moved(start.size());
      for (size_t i = 0; i < start.size(); ++i) moved[i] = static_cast<float>(start[i] + sign * step * direction[i]);
      backend->upload(trainer.master(), moved.data());
      return trainer.loss_and_gradient();
    };
    const double measured = (loss_at(1) - loss_at(-1)) / (2 * step);
    worst = std::max(worst, std::abs(measured - slope) / (std::abs(slope) + 0.05));
    report("slope " + std::to_string(slope) + ", measured " + std::to_string(measured));
  }
  CHECK_AT_MOST(worst, 2e-2);
}

TEST("a small ternary model learns its documents, and the written file gives the same loss") {
  const auto backend = make_cpu_backend(2);
  PretrainOptions options{.vocabulary = 40, .dim = 256, .feed_forward = 256, .layers = 2, .heads = 4, .groups = 2, .context = 32};
  options.steps = 40;
  options.batch_tokens = 256;
  options.micro_tokens = 128;
  options.warmup_steps = 5;
  options.validation_documents = 4;
  Pretrainer trainer(*backend, options, small_documents(40, 40));
  PretrainReport report;
  double first = 0;
  while (trainer.step(report)) {
    if (report.step == 1) first = report.loss;
  }
  hone::test::report("loss " + std::to_string(first) + " to " + std::to_string(report.loss));
  CHECK_AT_MOST(report.loss, 0.5 * first);

  const std::string path = temporary_folder() + "/small.gguf";
  Metadata described = small_tokenizer(40);
  described.set("general.name", std::string("small"));
  described.set("general.architecture", std::string("llama"));
  trainer.write_model(path, described);
  CHECK_EQUAL(GgufFile::open(path)->metadata().require_string("general.name"), std::string("small"));
  const auto model = Model::load(path, *backend);
  CHECK_EQUAL(model->config().architecture, std::string("bitnet"));
  CHECK_EQUAL(std::string(activation_source_name(model->config().activation_source)), std::string("metadata"));
  const auto document = small_documents(40, 40)[2].tokens;
  const auto mine = [&] {
    Decoder decoder(*backend, trainer.config(), trainer.weights(), {.positions = 32});
    KvCache cache(*backend, trainer.config(), 32);
    return decoder.all_logits(document, cache);
  }();
  Decoder decoder(*backend, model->config(), model->weights(), {.positions = 32});
  KvCache cache(*backend, model->config(), 32);
  CHECK_AT_MOST(distance(decoder.all_logits(document, cache), mine).square, 1e-4);  // the embedding became F16
}

TEST("pretraining that was interrupted continues to the same bits") {
  const auto backend = make_cpu_backend(2);
  PretrainOptions options{.vocabulary = 40, .dim = 256, .feed_forward = 256, .layers = 1, .heads = 4, .groups = 4, .context = 32};
  options.steps = 6;
  options.batch_tokens = 128;
  options.micro_tokens = 64;
  const std::string path = temporary_folder() + "/state";
  Pretrainer whole(*backend, options, small_documents(20, 40));
  PretrainReport report;
  while (whole.step(report)) {
    if (report.step == 3) whole.save_checkpoint(path);
  }
  Pretrainer second(*backend, options, small_documents(20, 40));
  second.load_checkpoint(path);
  CHECK_EQUAL(second.steps_done(), 3);
  while (second.step(report)) continue;
  CHECK(values_of(*backend, second.master()) == values_of(*backend, whole.master()));

  options.seed = 2;
  Pretrainer other(*backend, options, small_documents(20, 40));
  CHECK_ERROR("checkpoint.mismatch", other.load_checkpoint(path));
  other.start_from(path);
  CHECK_EQUAL(other.steps_done(), 0);
  second.load_checkpoint(path);
  CHECK(values_of(*backend, other.master()) == values_of(*backend, second.master()));

  options.feed_forward = 512;
  Pretrainer larger(*backend, options, small_documents(20, 40));
  CHECK_ERROR("checkpoint.mismatch", larger.start_from(path));
}

TEST("tokens that are given and not learned are in no loss") {
  const auto backend = make_cpu_backend(2);
  PretrainOptions options{.vocabulary = 40, .dim = 256, .feed_forward = 256, .layers = 1, .heads = 4, .groups = 4, .context = 32};
  auto documents = small_documents(1, 40);
  auto& targets = documents[0].targets;
  std::fill(targets.begin(), targets.end() - 1, uint8_t{0});
  Pretrainer one(*backend, options, documents);
  const double last = one.loss_and_gradient();

  std::fill(targets.begin(), targets.end(), uint8_t{1});
  targets.back() = 0;
  Pretrainer others(*backend, options, documents);
  const double rest = others.loss_and_gradient();

  targets.back() = 1;
  Pretrainer all(*backend, options, documents);
  const auto count = static_cast<double>(documents[0].tokens.size() - 1);
  CHECK_AT_MOST(std::abs(all.loss_and_gradient() - (last + (count - 1) * rest) / count), 1e-5);
}

TEST("a model that starts with copying repeats what it read before it has learned anything") {
  const auto backend = make_cpu_backend(2);
  PretrainOptions options{.vocabulary = 300, .dim = 256, .feed_forward = 256, .layers = 3, .heads = 4, .groups = 4, .context = 32};
  Pretrainer plain(*backend, options, repetitions(20, 300));
  options.copying_start = true;
  Pretrainer copying(*backend, options, repetitions(20, 300));
  const double chance = std::log(300.0), with = copying.loss_and_gradient(), without = plain.loss_and_gradient();
  hone::test::report("chance " + std::to_string(chance) + ", random start " + std::to_string(without) +
                     ", copying start " + std::to_string(with));
  CHECK_AT_MOST(with, 0.93 * chance);
  CHECK_AT_MOST(chance, 1.05 * without);

  options.groups = 2;
  CHECK_ERROR("recipe.value", Pretrainer(*backend, options, repetitions(2, 300)));
}

TEST("validation and training give one document the same loss") {
  const auto backend = make_cpu_backend(2);
  PretrainOptions options{.vocabulary = 40, .dim = 256, .feed_forward = 256, .layers = 3, .heads = 4, .groups = 4, .context = 32};
  options.validation_documents = 1;
  Pretrainer trainer(*backend, options, {small_documents(3, 40)[2], small_documents(3, 40)[2]});
  CHECK_AT_MOST(std::abs(trainer.validate() - trainer.loss_and_gradient()), 1e-5);
}
