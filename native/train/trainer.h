#pragma once

#include "model/lora.h"
#include "model/weights.h"
#include "train/recipe.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hone {

/// One example: `targets[i]` is 1 when token i is to be learned (predicted from the tokens before it).
/// targets[0] is never learned.
struct Example {
  std::vector<int32_t> tokens;
  std::vector<uint8_t> targets;
};

struct TrainingData {
  std::vector<Example> train, validation;
};

/// What happened in one step. `loss` is the mean over the step's targets.
struct StepReport {
  int64_t step = 0, total = 0;  ///< step counts from 1
  double epoch = 0;             ///< passes over the data so far
  double loss = 0;
  float learning_rate = 0;
  double gradient_norm = 0;       ///< before clipping
  int64_t tokens = 0, targets = 0;  ///< of this step
  int64_t tokens_total = 0;
  double tokens_per_second = 0;   ///< smoothed over the last steps
  double seconds = 0;             ///< since `run` began
  size_t memory_bytes = 0;        ///< held by the trainer on the backend (without the base weights)
  std::string skipped;            ///< why the weights were left alone in this step; empty when they changed
};

struct ValidationReport {
  int64_t step = 0;
  double loss = 0;
  double token_accuracy = 0;  ///< share of targets that are the most likely token, 0 to 1
  int64_t targets = 0;
};

/// Called on the thread that runs the trainer.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_step(const StepReport&) {}
  virtual void on_validation(const ValidationReport&) {}
  /// Once per step, when everything about it is told: the moment for a checkpoint.
  virtual void on_rest() {}
};

/// The validation that a run with a patience holds best.
struct BestValidation {
  int64_t step = 0;
  double loss = 0;
  int64_t waited = 0;  ///< validations since then, none of them better
};

enum class TrainingEnd { finished, stopped };

/// LoRA fine-tuning of a frozen model. Everything is decided by recipe, data and model: the same three give the
/// same adapter bit for bit on the same backend, whether or not the run was stopped and resumed on the way.
class Trainer {
 public:
  /// `config`, `weights` and `backend` must outlive the trainer. `start`, when given, is copied and continued
  /// (its rank and projections must be those of the recipe). Errors: "recipe.value", "data.empty",
  /// "data.nothing-to-learn" when no target is left (with the number of cut examples), "data.token" for an id
  /// outside the vocabulary, "model.not-finite" for damaged weights, "model.not-trainable".
  Trainer(Backend& backend, const ModelConfig& config, const ModelWeights& weights, Recipe recipe, TrainingData data,
          const LoraAdapter* start = nullptr);
  ~Trainer();

  /// Trains until the last step, until the patience of the recipe ends, or until a stop is requested. Can be called
  /// again after a stop.
  TrainingEnd run(TrainingObserver& observer);

  /// One optimiser step; false when all steps are done or a stop was honoured (the step is then undone: it will be
  /// run again in full).
  bool step(StepReport& report);

  /// Loss and accuracy over the validation data, without dropout.
  ValidationReport validate();

  /// From any thread; honoured once, before the next micro-batch.
  void request_stop() noexcept;

  int64_t steps_done() const noexcept;
  int64_t total_steps() const noexcept;
  /// Examples that were longer than the limit and were cut.
  int64_t truncated_examples() const noexcept;

  /// Nothing without a patience or before the first validation after a step.
  std::optional<BestValidation> best() const noexcept;

  /// For a run that is finished: makes the adapter that of the best validation. It can no longer be continued.
  void take_best();

  const LoraAdapter& adapter() const noexcept;
  LoraAdapter& adapter() noexcept;
  const Recipe& recipe() const noexcept;

  /// Everything needed to go on exactly where the run stands, as one GGUF file, written beside `path`, synced and
  /// renamed. Only between steps. Returns the file's checksum.
  uint64_t save_checkpoint(const std::string& path) const;

  /// Errors: "checkpoint.mismatch" naming what differs (recipe, data, model sizes), or those of GgufFile::open.
  /// Returns the checksum, which the content was found to match.
  uint64_t load_checkpoint(const std::string& path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
