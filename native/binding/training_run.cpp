#include "binding/training_run.h"

#include "model/adapter_file.h"

#include <algorithm>

namespace hone::binding {
namespace {

using Clock = std::chrono::steady_clock;

std::string name_in(const std::vector<std::pair<std::string, std::string>>& metadata) {
  const auto found = std::find_if(metadata.begin(), metadata.end(), [](const auto& e) { return e.first == "general.name"; });
  return found == metadata.end() ? "LoRA adapter" : found->second;
}

}  // namespace

TrainingRun::TrainingRun(std::shared_ptr<const ResidentModel> base, TrainingRequest request,
                         std::function<void(TrainingEvent)> emit)
    : base_(std::move(base)),
      request_(std::move(request)),
      checkpoints_(request_.checkpoint_path),
      emit_(std::move(emit)) {}

void TrainingRun::request_stop(StopHow how) noexcept {
  if (how == StopHow::discard) discard_.store(true);
  if (how == StopHow::finish) finish_.store(true);
  stop_.store(true);
  const std::lock_guard lock(mutex_);
  if (trainer_) trainer_->request_stop();
}

TrainingRun::Result TrainingRun::run() {
  const Model& model = base_->model();
  const std::unique_ptr<Backend> backend = base_->make_backend();
  Trainer trainer(*backend, model.config(), model.weights(), request_.recipe, std::move(request_.data));
  if (request_.resume) {
    const CheckpointPair::Resumed resumed = checkpoints_.load(trainer);
    if (!resumed.told.empty()) emit_(LogEvent{"warning", resumed.told});
  }
  if (trainer.truncated_examples() > 0) {
    emit_(LogEvent{"warning", std::to_string(trainer.truncated_examples()) +
                                  " rows are longer than the context length and were cut"});
  }
  if (request_.resume) emit_(LogEvent{"info", "continues after step " + std::to_string(trainer.steps_done())});

  struct Attached {  // `request_stop` must not find a trainer that is gone
    TrainingRun& run;
    Attached(TrainingRun& owner, Trainer& trainer) : run(owner) { set(&trainer); }
    ~Attached() { set(nullptr); }
    void set(Trainer* value) {
      const std::lock_guard lock(run.mutex_);
      run.trainer_ = value;
    }
  } const attached(*this, trainer);

  Result result;
  step_begin_ = Clock::now();
  if (!stop_.load()) result.end = trainer.run(*this);  // from here on a request reaches the trainer itself
  result.step = trainer.steps_done();
  if (discard_.load()) return {TrainingEnd::stopped, result.step};
  if (finish_.load() && trainer.steps_done() > 0) result.end = TrainingEnd::finished;
  if (result.end == TrainingEnd::stopped) checkpoints_.save(trainer);
  else finish();
  serve();
  return result;
}

void TrainingRun::on_step(const StepReport& report) {
  const double seconds = std::chrono::duration<double>(Clock::now() - step_begin_).count();
  emit_(StepEvent{report, seconds, report.memory_bytes + base_->model().weights().bytes});
  if (!report.skipped.empty()) {
    emit_(LogEvent{"warning", "step " + std::to_string(report.step) + " changed nothing: " + report.skipped});
  }
}

void TrainingRun::on_rest() {
  const bool due = request_.checkpoint_every > 0 && trainer_->steps_done() % request_.checkpoint_every == 0;
  if (due && !stop_.load()) save_checkpoint_or_warn();  // a stop writes one anyway, or none
  serve();
}

void TrainingRun::finish() {
  // An adapter may still fit on a disk that has no room for a checkpoint of three times its size.
  save_checkpoint_or_warn();
  if (const auto best = trainer_->best(); best && best->step != trainer_->steps_done()) {
    std::string told;
    if (trainer_->steps_done() < trainer_->total_steps() && best->waited >= request_.recipe.patience) {
      told.append("Stopped early at step ").append(std::to_string(trainer_->steps_done()));
      told.append(": the last ").append(std::to_string(best->waited)).append(" validations brought no lower loss. ");
    }
    told.append("The adapter is that of step ").append(std::to_string(best->step));
    told.append(", which had the lowest validation loss (").append(std::to_string(best->loss)).append(").");
    emit_(LogEvent{"info", std::move(told)});
    trainer_->take_best();
  }
  write_adapter(request_.adapter_path, trainer_->adapter(), base_->model().config().architecture,
                name_in(request_.metadata), request_.metadata);
}

void TrainingRun::on_validation(const ValidationReport& report) {
  emit_(report);
  serve();
}

/// Between two steps: what other threads have asked for.
void TrainingRun::serve() {
  for (int wanted = samples_wanted_.exchange(0); wanted > 0; --wanted) {
    emit_(ResidentAdapter::copy(trainer_->adapter(), base_));
  }
  step_begin_ = Clock::now();
}

void TrainingRun::save_checkpoint_or_warn() {
  try {
    checkpoints_.save(*trainer_);
  } catch (const Error& error) {
    emit_(LogEvent{"warning", "no checkpoint was written: " + std::string(error.what()) +
                                  (error.hint().empty() ? "" : ". " + error.hint())});
  }
}

}  // namespace hone::binding
