#pragma once

#include "binding/job.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace hone::binding {

/// How far work is: `done` of `total`, in whatever unit the work has.
struct Progress {
  double done = 0, total = 0;
};

/// Work that reports how far it is and can be stopped. `work` runs on the job's thread, owns (by capture) what it
/// needs and throws when `stop` is set; `make` turns its result into a value. JavaScript hears the newest progress
/// only.
template <class Result>
class ProgressJob final : public Job {
 public:
  using Report = std::function<void(double done, double total)>;
  using Work = std::function<Result(const Report& report, const std::atomic<bool>& stop)>;
  using Make = std::function<Napi::Value(Napi::Env, const Result&)>;

  ProgressJob(Work work, Make make, const Napi::Function& on_progress)
      : work_(std::move(work)), make_(std::move(make)), on_progress_(Napi::Persistent(on_progress)) {}

  void request_stop() noexcept override { stop_.store(true); }

 private:
  void work() override {
    const Report report = [this](double done, double total) {
      {
        const std::lock_guard lock(mutex_);
        newest_ = {done, total};
      }
      notify();
    };
    result_.emplace(work_(report, stop_));
  }

  void deliver(Napi::Env env) override {
    std::optional<Progress> newest;
    {
      const std::lock_guard lock(mutex_);
      std::swap(newest, newest_);
    }
    if (!newest) return;
    on_progress_.Call({Napi::Number::New(env, newest->done), Napi::Number::New(env, newest->total)});
  }

  Napi::Value result(Napi::Env env) override { return make_(env, *result_); }

  void let_go() noexcept override {
    on_progress_.Reset();
    work_ = nullptr;
  }

  Work work_;
  Make make_;
  Napi::FunctionReference on_progress_;
  std::atomic<bool> stop_ = false;
  std::optional<Result> result_;
  std::mutex mutex_;
  std::optional<Progress> newest_;
};

/// Starts the work and gives JavaScript `{ done, stop }`.
template <class Result>
Napi::Object start_progress_job(Napi::Env env, const char* name, typename ProgressJob<Result>::Work work,
                                typename ProgressJob<Result>::Make make, const Napi::Function& on_progress) {
  const auto job = std::make_shared<ProgressJob<Result>>(std::move(work), std::move(make), on_progress);
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("stop", Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->request_stop(); }, "stop"));
  handle.Set("done", job->start(env, name));
  return handle;
}

}  // namespace hone::binding
