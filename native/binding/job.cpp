#include "binding/job.h"

#include "binding/error.h"
#include "binding/thread_priority.h"

#include <mutex>
#include <set>

namespace hone::binding {

/// Jobs with a thread, of all environments of this process.
class RunningJobs {
 public:
  static RunningJobs& all() {
    static RunningJobs jobs;
    return jobs;
  }

  void add(Job* job) {
    const std::lock_guard lock(mutex_);
    jobs_.insert(job);
  }

  void remove(Job* job) {
    const std::lock_guard lock(mutex_);
    jobs_.erase(job);
  }

  /// The process exits (Rule 3).
  ~RunningJobs() {
    const std::lock_guard lock(mutex_);
    for (Job* job : jobs_) job->request_stop();
    for (Job* job : jobs_) job->stop_and_join();
  }

 private:
  std::mutex mutex_;
  std::set<Job*> jobs_;
};

Job::~Job() = default;

/// What Node calls when the environment ends.
void Job::end_with_environment(void* job) { static_cast<Job*>(job)->end(); }

Napi::Promise Job::start(Napi::Env env, const char* name) {
  deferred_.emplace(env);
  const Napi::Promise promise = deferred_->Promise();
  callback_ = std::make_unique<ThreadCallback>(env, name, [this](Napi::Env here) { drain(here); });
  napi_add_env_cleanup_hook(env, end_with_environment, this);  // Rule 2: after the callback
  self_ = shared_from_this();                                  // Rule 1
  RunningJobs::all().add(this);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (...) {
    error_ = std::current_exception();
    settle(env);
  }
  return promise;
}

void Job::run() noexcept {
  lower_thread_priority();
  try {
    work();
  } catch (...) {
    error_ = std::current_exception();
  }
  finished_.store(true);
  notify();
}

void Job::drain(Napi::Env env) noexcept {
  const std::shared_ptr<Job> keep = self_;
  const bool finished = finished_.load();  // before delivering: all that was reported is then delivered
  if (!callback_error_) {
    try {
      deliver(env);
    } catch (...) {
      callback_error_ = std::current_exception();  // Rule 4
      request_stop();
    }
  }
  if (finished) settle(env);
}

void Job::settle(Napi::Env env) noexcept {
  const std::shared_ptr<Job> keep = self_;
  stop_and_join();
  napi_remove_env_cleanup_hook(env, end_with_environment, this);
  settle_promise(env, *deferred_, [&] {
    if (callback_error_) std::rethrow_exception(callback_error_);
    if (error_) std::rethrow_exception(error_);
    return result(env);
  });
  settled(env);
  end();
}

void Job::stop_and_join() noexcept {
  if (!thread_.joinable()) return;
  request_stop();
  thread_.join();
}

void Job::end() noexcept {
  const std::shared_ptr<Job> keep = std::move(self_);
  stop_and_join();
  RunningJobs::all().remove(this);
  callback_->close();
  callback_error_ = nullptr;
  let_go();
}

}  // namespace hone::binding
