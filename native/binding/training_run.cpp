#include "binding/training_run.h"

#include "model/adapter_file.h"
#include "train/checkpoint_adapter.h"

#include <algorithm>

namespace hone::binding {
namespace {

using Clock = std::chrono::steady_clock;

/// Longest sleep at a time: a run that is slowed down still shows that it lives.
constexpr double kLongestRest = 60;

}  // namespace

TrainingRun::TrainingRun(std::shared_ptr<const ResidentModel> base, TrainingRequest request,
                         std::function<void(TrainingEvent)> emit)
    : base_(std::move(base)),
      request_(std::move(request)),
      checkpoints_(request_.checkpoint_path, request_.keep_folder),
      emit_(std::move(emit)),
      duty_(request_.duty) {}

void TrainingRun::request_stop(StopHow how) noexcept {
  if (how == StopHow::discard) discard_.store(true);
  if (how == StopHow::finish) finish_.store(true);
  stop_.store(true);
  const std::lock_guard lock(mutex_);
  if (trainer_) trainer_->request_stop();
  woken_.notify_all();
}

void TrainingRun::request_sample() noexcept {
  samples_wanted_.fetch_add(1);
  const std::lock_guard lock(mutex_);
  woken_.notify_all();
}

void TrainingRun::set_duty(double duty) noexcept {
  duty_.store(duty);
  const std::lock_guard lock(mutex_);
  woken_.notify_all();
}

TrainingRun::Result TrainingRun::run() {
  const Model& model = base_->model();
  const std::unique_ptr<Backend> backend = base_->make_backend();
  Trainer trainer(*backend, model.config(), model.weights(), request_.recipe, std::move(request_.data));
  if (request_.resume) {
    const CheckpointPair::Resumed resumed = checkpoints_.load(trainer);
    if (!resumed.told.empty()) emit_(LogEvent{"warning", resumed.told});
    emit_(resumed);
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
  if (result.end == TrainingEnd::stopped) save_checkpoint();
  else finish();
  serve();
  return result;
}

void TrainingRun::on_step(const StepReport& report) {
  step_seconds_ = std::chrono::duration<double>(Clock::now() - step_begin_).count();
  emit_(StepEvent{report, step_seconds_, report.memory_bytes + base_->model().weights().bytes});
  if (!report.skipped.empty()) {
    emit_(LogEvent{"warning", "step " + std::to_string(report.step) + " changed nothing: " + report.skipped});
  }
}

void TrainingRun::on_rest() {
  const bool due = request_.checkpoint_every > 0 && trainer_->steps_done() % request_.checkpoint_every == 0;
  if (due && !stop_.load()) save_checkpoint_or_warn();  // a stop writes one anyway, or none
  if (trainer_->steps_done() == request_.last_step) request_stop(StopHow::finish);
  serve();
  if (trainer_->steps_done() < trainer_->total_steps()) rest(step_seconds_);
}

/// Sleeps as long as the duty asks after so much work. What other threads ask for is not kept waiting.
void TrainingRun::rest(double worked_seconds) {
  const auto begin = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stop_.load()) {
    const double duty = duty_.load();
    const double seconds = std::min(kLongestRest, worked_seconds * (1 - duty) / duty);
    const auto until = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    if (Clock::now() >= until) break;
    woken_.wait_until(lock, until, [&] { return stop_.load() || samples_wanted_.load() > 0 || duty_.load() != duty; });
    if (samples_wanted_.load() > 0) {
      lock.unlock();
      serve();
      lock.lock();
    }
  }
  step_begin_ = Clock::now();
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
                adapter_name(request_.metadata), request_.metadata);
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

void TrainingRun::save_checkpoint() {
  if (const auto saved = checkpoints_.save(*trainer_)) emit_(*saved);
}

void TrainingRun::save_checkpoint_or_warn() {
  try {
    save_checkpoint();
  } catch (const Error& error) {
    emit_(LogEvent{"warning", "no checkpoint was written: " + std::string(error.what()) +
                                  (error.hint().empty() ? "" : ". " + error.hint())});
  }
}

}  // namespace hone::binding
