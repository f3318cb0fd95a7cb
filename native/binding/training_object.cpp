#include "binding/training_object.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/error.h"
#include "binding/job.h"
#include "binding/training_request.h"
#include "core/error.h"

#include <deque>
#include <mutex>
#include <string>
#include <utility>

namespace hone::binding {
namespace {

double number(auto value) { return static_cast<double>(value); }

constexpr const char* kSources[] = {"newest", "previous", "start"};

/// The functions of a `TrainObserver`, called as its methods; those about checkpoints may be missing.
class Observer {
 public:
  explicit Observer(const Napi::Value& value) {
    const Fields fields(value, "observer");
    on_step_ = Napi::Persistent(fields.function("onStep"));
    on_validation_ = Napi::Persistent(fields.function("onValidation"));
    on_log_ = Napi::Persistent(fields.function("onLog"));
    if (fields.has("onCheckpoint")) on_checkpoint_ = Napi::Persistent(fields.function("onCheckpoint"));
    if (fields.has("onResume")) on_resume_ = Napi::Persistent(fields.function("onResume"));
    self_ = Napi::Persistent(value.As<Napi::Object>());
  }

  void operator()(Napi::Env env, const StepEvent& event) {
    Napi::Object step = Napi::Object::New(env);
    step.Set("step", number(event.report.step));
    step.Set("totalSteps", number(event.report.total));
    step.Set("loss", event.report.loss);
    step.Set("learningRate", number(event.report.learning_rate));
    step.Set("gradientNorm", event.report.gradient_norm);
    step.Set("tokens", number(event.report.tokens));
    step.Set("seconds", event.seconds);
    step.Set("memoryBytes", number(event.memory_bytes));
    on_step_.Call(self_.Value(), {step});
  }

  void operator()(Napi::Env env, const ValidationReport& report) {
    Napi::Object result = Napi::Object::New(env);
    result.Set("step", number(report.step));
    result.Set("loss", report.loss);
    result.Set("tokenAccuracy", report.token_accuracy);
    on_validation_.Call(self_.Value(), {result});
  }

  void operator()(Napi::Env env, const LogEvent& event) {
    on_log_.Call(self_.Value(), {Napi::String::New(env, event.level), Napi::String::New(env, event.text)});
  }

  void operator()(Napi::Env env, const CheckpointEvent& event) {
    if (on_checkpoint_.IsEmpty()) return;
    Napi::Object result = Napi::Object::New(env);
    result.Set("step", number(event.step));
    result.Set("checksum", from_checksum(env, event.checksum));
    result.Set("kept", event.kept);
    on_checkpoint_.Call(self_.Value(), {result});
  }

  void operator()(Napi::Env env, const ResumeEvent& event) {
    if (on_resume_.IsEmpty()) return;
    Napi::Object result = Napi::Object::New(env);
    result.Set("step", number(event.step));
    result.Set("checksum", from_checksum(env, event.checksum));
    result.Set("from", kSources[static_cast<size_t>(event.from)]);
    on_resume_.Call(self_.Value(), {result});
  }

  void let_go() {
    on_checkpoint_.Reset();
    on_resume_.Reset();
    on_step_.Reset();
    on_validation_.Reset();
    on_log_.Reset();
    self_.Reset();
  }

 private:
  Napi::FunctionReference on_step_, on_validation_, on_log_, on_checkpoint_, on_resume_;
  Napi::ObjectReference self_;
};

class TrainingJob final : public Job {
 public:
  TrainingJob(std::shared_ptr<const ResidentModel> base, TrainingRequest request, Observer observer)
      : observer_(std::move(observer)),
        run_(std::make_unique<TrainingRun>(std::move(base), std::move(request),
                                           [this](TrainingEvent event) { queue(std::move(event)); })) {}

  void request_stop() noexcept override { run_->request_stop(TrainingRun::StopHow::checkpoint); }

  void stop(TrainingRun::StopHow how) {
    if (run_) run_->request_stop(how);
  }

  void set_duty(double duty) {
    if (run_) run_->set_duty(duty);
  }

  Napi::Promise sample(Napi::Env env) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    if (run_) {
      samples_.push_back(deferred);
      run_->request_sample();
    } else {
      refuse_sample(env, deferred);
    }
    return deferred.Promise();
  }

 private:
  void work() override { result_ = run_->run(); }

  void queue(TrainingEvent event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    notify();
  }

  void deliver(Napi::Env env) override {
    std::deque<TrainingEvent> events;
    {
      const std::lock_guard lock(mutex_);
      events.swap(events_);
    }
    for (const TrainingEvent& event : events) {
      const Napi::HandleScope scope(env);
      if (const auto* step = std::get_if<StepEvent>(&event)) observer_(env, *step);
      if (const auto* validation = std::get_if<ValidationReport>(&event)) observer_(env, *validation);
      if (const auto* log = std::get_if<LogEvent>(&event)) observer_(env, *log);
      if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event)) observer_(env, *checkpoint);
      if (const auto* resume = std::get_if<ResumeEvent>(&event)) observer_(env, *resume);
      if (const auto* adapter = std::get_if<SampleEvent>(&event)) {
        const Napi::Promise::Deferred deferred = samples_.front();
        samples_.pop_front();
        settle_promise(env, deferred, [&] { return AdapterObject::wrap(env, *adapter); });
      }
    }
  }

  Napi::Value result(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("end", result_.end == TrainingEnd::finished ? "finished" : "stopped");
    object.Set("step", number(result_.step));
    return object;
  }

  void settled(Napi::Env env) noexcept override {
    for (const auto& deferred : std::exchange(samples_, {})) refuse_sample(env, deferred);
  }

  void let_go() noexcept override {
    observer_.let_go();
    samples_.clear();
    run_.reset();
  }

  static void refuse_sample(Napi::Env env, const Napi::Promise::Deferred& deferred) noexcept {
    settle_promise(env, deferred, []() -> Napi::Value {
      throw Error("training.ended", "the run ended before its adapter could be taken", "Open the written adapter.");
    });
  }

  // JavaScript thread only:
  Observer observer_;
  std::deque<Napi::Promise::Deferred> samples_;  ///< as many as SampleEvents to come, or fewer answers at the end
  // Job's thread, then JavaScript thread:
  TrainingRun::Result result_;
  std::unique_ptr<TrainingRun> run_;  ///< until the end
  std::mutex mutex_;
  std::deque<TrainingEvent> events_;  ///< not delivered yet
};

constexpr Choice<TrainingRun::StopHow> kStops[] = {{"checkpoint", TrainingRun::StopHow::checkpoint},
                                                   {"discard", TrainingRun::StopHow::discard},
                                                   {"finish", TrainingRun::StopHow::finish}};

}  // namespace

Napi::Object start_training(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                            const Napi::Value& observer) {
  const auto job =
      std::make_shared<TrainingJob>(std::move(base), to_training_request(request), Observer(observer));
  Napi::Object handle = Napi::Object::New(env);
  const auto stop = [job](const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] { job->stop(to_choice(info[0], "how", kStops)); });
  };
  const auto sample = [job](const Napi::CallbackInfo& info) -> Napi::Value {
    return guarded(info.Env(), [&] { return job->sample(info.Env()); });
  };
  const auto pace = [job](const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] { job->set_duty(to_duty(info[0], "duty")); });
  };
  handle.Set("pace", Napi::Function::New(env, pace, "pace"));
  handle.Set("stop", Napi::Function::New(env, stop, "stop"));
  handle.Set("sampleAdapter", Napi::Function::New(env, sample, "sampleAdapter"));
  handle.Set("done", job->start(env, "hone training"));
  return handle;
}

}  // namespace hone::binding
