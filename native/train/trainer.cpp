#include "train/trainer.h"

#include "core/random.h"
#include "ops/adamw.h"
#include "ops/elementwise.h"
#include "train/checkpoint.h"
#include "train/fingerprint.h"
#include "train/optimizer.h"
#include "train/recipe_adapter.h"
#include "train/run_identity.h"
#include "train/run_plan.h"
#include "train/schedule.h"
#include "train/streams.h"
#include "train/training_pass.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <utility>

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

bool has_target(const Example& example) {
  return std::any_of(example.targets.begin() + 1, example.targets.end(), [](uint8_t target) { return target != 0; });
}

/// Cuts examples to `limit` and empties those that teach nothing. Returns how many were cut.
int64_t prepare(std::vector<Example>& examples, int64_t limit, int64_t vocabulary, const char* which) {
  int64_t cut = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    Example& example = examples[i];
    ensure(example.tokens.size() == example.targets.size(), "an example with another number of targets than tokens");
    for (const int32_t token : example.tokens) {
      if (token >= 0 && token < vocabulary) continue;
      throw Error("data.token", std::string(which) + " example " + std::to_string(i + 1) + " holds token " +
                                    std::to_string(token) + ", the vocabulary has " + std::to_string(vocabulary));
    }
    if (static_cast<int64_t>(example.tokens.size()) > limit) {
      example.tokens.resize(static_cast<size_t>(limit));
      example.targets.resize(static_cast<size_t>(limit));
      ++cut;
    }
    if (example.tokens.size() < 2 || !has_target(example)) example = {};
  }
  return cut;
}

std::vector<int64_t> lengths_of(const std::vector<Example>& examples) {
  std::vector<int64_t> lengths;
  for (const auto& example : examples) lengths.push_back(static_cast<int64_t>(example.tokens.size()));
  return lengths;
}

int64_t longest_of(const std::vector<Example>& examples) {
  int64_t longest = 0;
  for (const auto& example : examples) longest = std::max(longest, static_cast<int64_t>(example.tokens.size()));
  return longest;
}

std::string data_fingerprint(const TrainingData& data) {
  Fingerprint fingerprint;
  for (const auto* part : {&data.train, &data.validation}) {
    fingerprint.add(part->size());
    for (const auto& example : *part) {
      fingerprint.add(std::span<const int32_t>(example.tokens)).add(std::span<const uint8_t>(example.targets));
    }
  }
  return fingerprint.text();
}

void copy_values(const LoraAdapter& from, LoraAdapter& to) {
  std::vector<float> values(static_cast<size_t>(from.flat().elements()));
  from.backend().download(from.flat(), values.data());
  to.backend().upload(to.flat(), values.data());
}

std::unique_ptr<LoraAdapter> make_adapter(Backend& backend, const ModelConfig& config, const Recipe& recipe,
                                          const LoraAdapter* start) {
  auto adapter = adapter_of(backend, config, recipe, start ? start->alpha() : alpha_of(recipe));
  if (!start) {
    initialise_lora(*adapter, derive_key(recipe.seed, kAdapterStream));
    return adapter;
  }
  const auto same = [](const LoraShape& a, const LoraShape& b) {
    return a.layer == b.layer && a.projection == b.projection && a.rank == b.rank && a.inputs == b.inputs &&
           a.outputs == b.outputs;
  };
  if (!std::ranges::equal(start->shapes(), adapter->shapes(), same)) {
    throw Error("recipe.value", "the adapter to continue has other projections or another rank than the recipe",
                "Use the rank and the projections of that adapter.");
  }
  copy_values(*start, *adapter);
  return adapter;
}

}  // namespace

struct Trainer::Impl {
  Backend& backend;
  const ModelConfig& config;
  Recipe recipe;
  TrainingData data;
  std::string data_digest;
  int64_t truncated = 0;
  std::unique_ptr<LoraAdapter> adapter, gradients, m, v;
  std::unique_ptr<LoraAdapter> best;  ///< with a patience only
  std::optional<RunPlan> plan;
  std::unique_ptr<TrainingPass> pass;
  GradientNorm norm;

  int64_t steps_done = 0;
  int64_t updates = 0;  ///< steps that changed the weights: t of AdamW
  int64_t tokens_total = 0;
  int64_t validated = -1;  ///< step of the last validation
  BestValidation best_validation;
  double rate = 0;      ///< smoothed tokens per second
  Clock::time_point begin = Clock::now();
  std::atomic<bool> stop = false;

  Impl(Backend& backend_, const ModelConfig& config_, const ModelWeights& weights, Recipe recipe_, TrainingData data_,
       const LoraAdapter* start)
      : backend(backend_), config(config_), recipe(std::move(recipe_)), data(std::move(data_)), norm(backend_) {
    check_recipe(recipe, config);
    check_finite(weights, backend);
    data_digest = data_fingerprint(data);
    if (data.train.empty()) {
      throw Error("data.empty", "there are no training examples", "Add examples, or choose another dataset.");
    }
    const int64_t limit = recipe.max_length > 0 ? recipe.max_length : config.context;
    truncated = prepare(data.train, limit, config.vocabulary, "training");
    truncated += prepare(data.validation, limit, config.vocabulary, "validation");
    if (longest_of(data.train) == 0) {
      throw Error("data.nothing-to-learn",
                  "none of the " + std::to_string(data.train.size()) + " training examples has a token to learn; " +
                      std::to_string(truncated) + " were cut to " + std::to_string(limit) + " tokens",
                  "Check that the examples have answers, and that the length limit leaves room for them.");
    }
    plan.emplace(plan_run(recipe, lengths_of(data.train), longest_of(data.validation)));
    adapter = make_adapter(backend, config, recipe, start);
    gradients = LoraAdapter::like(backend, *adapter);
    m = LoraAdapter::like(backend, *adapter);
    v = LoraAdapter::like(backend, *adapter);
    if (recipe.patience > 0) best = LoraAdapter::like(backend, *adapter);

    pass = std::make_unique<TrainingPass>(backend, config, weights,
                                          PassOptions{.tokens = plan->row_tokens,
                                                      .positions = plan->longest,
                                                      .checkpointing = recipe.checkpointing,
                                                      .activations = recipe.activations,
                                                      .gradients = true},
                                          std::vector<ActiveAdapter>{{adapter.get(), 1}}, adapter.get(),
                                          gradients.get());
  }

  size_t memory() const {
    return pass->bytes() + (best ? 5 : 4) * static_cast<size_t>(adapter->flat().elements()) * sizeof(float);
  }

  /// The rows of a step, in the order in which they run.
  std::vector<TrainingRow> rows_of(const StepPlan& step) const {
    std::vector<TrainingRow> rows;
    for (const auto& batch : step) {
      for (const uint32_t index : batch) {
        if (!recipe.packing || index == batch.front()) rows.emplace_back();
        rows.back().append(data.train[index].tokens, data.train[index].targets);
      }
    }
    return rows;
  }

  void update(float learning_rate, double gradient_norm) {
    backend.run(ops::AdamW{.w = adapter->flat(),
                           .gradient = gradients->flat(),
                           .m = m->flat(),
                           .v = v->flat(),
                           .step = ++updates,
                           .learning_rate = learning_rate,
                           .beta1 = recipe.beta1,
                           .beta2 = recipe.beta2,
                           .epsilon = recipe.epsilon,
                           .weight_decay = recipe.weight_decay,
                           .gradient_scale = clip_factor(gradient_norm, recipe.clip_norm)});
  }

  bool step(StepReport& report) {
    if (steps_done >= plan->order.total_steps() || stop.exchange(false)) return false;
    const auto step_begin = Clock::now();
    report = {};
    const std::vector<TrainingRow> rows = rows_of(plan->order.step(steps_done));
    for (const auto& row : rows) {
      report.tokens += row.size();
      report.targets += std::count_if(row.targets.begin(), row.targets.end(), [](int32_t t) { return t >= 0; });
    }

    backend.run(ops::Fill{.y = gradients->flat(), .value = 0});
    const uint64_t chance =
        derive_key(derive_key(recipe.seed, kDropoutStream), static_cast<uint64_t>(steps_done));
    const float weight = report.targets > 0 ? 1.0f / static_cast<float>(report.targets) : 0.0f;
    LossSums sums;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (stop.exchange(false)) return false;
      const LossSums row = pass->learn(rows[i], weight,
                                       {.dropout = recipe.dropout,
                                        .embedding_noise = recipe.embedding_noise,
                                        .key = derive_key(chance, i)});
      sums.loss += row.loss;
    }

    const Tensor flat = gradients->flat();
    report.gradient_norm = norm.of({&flat, 1});
    report.learning_rate = learning_rate_at(recipe.schedule, recipe.learning_rate, recipe.warmup_steps, recipe.floor,
                                            steps_done, plan->order.total_steps());
    report.loss = report.targets > 0 ? sums.loss / static_cast<double>(report.targets) : 0;
    if (report.targets == 0) {
      report.skipped = "the examples of this step have no token to learn";
    } else if (!std::isfinite(report.gradient_norm) || !std::isfinite(report.loss)) {
      report.skipped = "the gradient is not a finite number; a lower learning rate may help";
    } else {
      update(report.learning_rate, report.gradient_norm);
    }
    backend.synchronize();

    ++steps_done;
    tokens_total += report.tokens;
    const double now = static_cast<double>(report.tokens) / std::max(1e-9, seconds_since(step_begin));
    rate = rate == 0 ? now : 0.9 * rate + 0.1 * now;
    report.step = steps_done;
    report.total = plan->order.total_steps();
    report.epoch = plan->order.epoch_at(steps_done);
    report.tokens_total = tokens_total;
    report.tokens_per_second = rate;
    report.seconds = seconds_since(begin);
    report.memory_bytes = memory();
    return true;
  }

  ValidationReport validate() {
    LossSums sums;
    TrainingRow row;
    const auto flush = [&] {
      const LossSums part = pass->evaluate(row);
      sums.loss += part.loss;
      sums.targets += part.targets;
      sums.correct += part.correct;
      row = {};
    };
    for (const auto& example : data.validation) {
      if (example.tokens.empty()) continue;
      if (stop.load()) break;
      const auto length = static_cast<int64_t>(example.tokens.size());
      if (row.size() > 0 && row.size() + length > plan->row_tokens) flush();
      row.append(example.tokens, example.targets);
    }
    if (row.size() > 0) flush();

    ValidationReport report;
    report.step = steps_done;
    report.targets = sums.targets;
    if (sums.targets > 0) {
      report.loss = sums.loss / static_cast<double>(sums.targets);
      report.token_accuracy = static_cast<double>(sums.correct) / static_cast<double>(sums.targets);
    }
    return report;
  }

  bool is_last() const { return steps_done == plan->order.total_steps(); }
  bool lost_patience() const { return recipe.patience > 0 && best_validation.waited >= recipe.patience; }

  void weigh(const ValidationReport& report) {
    if (!best || steps_done == 0) return;
    if (best_validation.step > 0 && !(report.loss < best_validation.loss)) {
      ++best_validation.waited;
      return;
    }
    best_validation = {.step = steps_done, .loss = report.loss, .waited = 0};
    copy_values(*adapter, *best);
  }

  /// A run that was stopped between a step and its validation catches up on that.
  void validate_if_due(TrainingObserver& observer) {
    const bool due = steps_done == 0 || is_last() ||
                     (recipe.validate_every > 0 && steps_done % recipe.validate_every == 0);
    if (!due || validated == steps_done || longest_of(data.validation) == 0) return;
    const ValidationReport report = validate();
    if (stop.load()) return;
    validated = steps_done;
    weigh(report);
    observer.on_validation(report);
  }

  TrainingEnd run(TrainingObserver& observer) {
    begin = Clock::now();
    validate_if_due(observer);
    StepReport report;
    while (!lost_patience() && step(report)) {
      observer.on_step(report);
      validate_if_due(observer);
      observer.on_rest();
    }
    // The last validation may still choose the adapter.
    const bool judged = !best || validated == steps_done || longest_of(data.validation) == 0;
    const bool finished = (is_last() && judged) || lost_patience();
    if (finished) stop = false;  // it came too late to stop anything
    return finished ? TrainingEnd::finished : TrainingEnd::stopped;
  }

  std::vector<CheckpointTensor> state() const {
    std::vector<CheckpointTensor> tensors = {{"adapter", adapter->flat()}, {"m", m->flat()}, {"v", v->flat()}};
    if (best) tensors.push_back({"best", best->flat()});
    return tensors;
  }

  CheckpointIdentity identity() const {
    return {.recipe = recipe_fingerprint(recipe), .data = data_digest, .model = model_fingerprint(config)};
  }
};

Trainer::Trainer(Backend& backend, const ModelConfig& config, const ModelWeights& weights, Recipe recipe,
                 TrainingData data, const LoraAdapter* start)
    : impl_(std::make_unique<Impl>(backend, config, weights, std::move(recipe), std::move(data), start)) {}

Trainer::~Trainer() = default;

TrainingEnd Trainer::run(TrainingObserver& observer) { return impl_->run(observer); }

bool Trainer::step(StepReport& report) { return impl_->step(report); }

ValidationReport Trainer::validate() { return impl_->validate(); }

void Trainer::request_stop() noexcept { impl_->stop = true; }

int64_t Trainer::steps_done() const noexcept { return impl_->steps_done; }

int64_t Trainer::total_steps() const noexcept { return impl_->plan->order.total_steps(); }

int64_t Trainer::truncated_examples() const noexcept { return impl_->truncated; }

std::optional<BestValidation> Trainer::best() const noexcept {
  if (impl_->best_validation.step == 0) return std::nullopt;
  return impl_->best_validation;
}

void Trainer::take_best() {
  if (best()) copy_values(*impl_->best, *impl_->adapter);
}

const LoraAdapter& Trainer::adapter() const noexcept { return *impl_->adapter; }

LoraAdapter& Trainer::adapter() noexcept { return *impl_->adapter; }

const Recipe& Trainer::recipe() const noexcept { return impl_->recipe; }

uint64_t Trainer::save_checkpoint(const std::string& path) const {
  return write_checkpoint(path, impl_->identity(),
                          {.step = impl_->steps_done,
                           .updates = impl_->updates,
                           .tokens = impl_->tokens_total,
                           .validated = impl_->validated,
                           .best_step = impl_->best_validation.step,
                           .waited = impl_->best_validation.waited,
                           .best_loss = impl_->best_validation.loss},
                          impl_->state(), impl_->backend);
}

uint64_t Trainer::load_checkpoint(const std::string& path) {
  const auto& [progress, checksum] = read_checkpoint(path, impl_->identity(), impl_->plan->order.total_steps(),
                                                     impl_->state(), impl_->backend);
  impl_->steps_done = progress.step;
  impl_->updates = progress.updates;
  impl_->tokens_total = progress.tokens;
  impl_->validated = progress.validated;
  impl_->best_validation = {.step = progress.best_step, .loss = progress.best_loss, .waited = progress.waited};
  return checksum;
}

}  // namespace hone
