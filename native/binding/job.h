#pragma once

#include "binding/thread_callback.h"

#include <napi.h>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <thread>

namespace hone::binding {

/// Work that lasts and reports while it lasts: one generation, one training run. It has a thread of its own, at lowered
/// priority, and a promise that settles when the work ends.
///
/// Rule 1. A started job owns itself until its promise is settled or its environment ends; JavaScript may drop every
///         handle. Whatever the work needs (model, adapters) is owned by the job.
/// Rule 2. The environment's end (a worker that ends, a window host that quits) stops the work and waits for it. The hook
///         for this is registered after the callback of the thread, and Node runs hooks newest first, so the thread
///         is gone before its callback is.
/// Rule 3. `process.exit` runs no such hooks in Node's main thread, only destructors of statics: `RunningJobs` in
///         job.cpp is one, and stops and waits just the same. JavaScript is not touched there.
/// Rule 4. A callback of JavaScript that throws ends the job; its promise is rejected with what was thrown.
class Job : public std::enable_shared_from_this<Job> {
 public:
  virtual ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Starts the thread. Once.
  Napi::Promise start(Napi::Env env, const char* name);

  /// From any thread while the job lasts, any number of times. The environment's end calls it too, so it keeps what can be
  /// kept.
  virtual void request_stop() noexcept = 0;

 protected:
  Job() = default;

  /// On the job's thread. What it throws rejects the promise.
  virtual void work() = 0;
  /// On the JavaScript thread: hands everything reported so far to JavaScript, in order.
  virtual void deliver(Napi::Env env) = 0;
  /// On the JavaScript thread, after the work returned and everything was delivered.
  virtual Napi::Value result(Napi::Env env) = 0;
  /// On the JavaScript thread, when the promise has settled either way.
  virtual void settled(Napi::Env) noexcept {}
  /// On the JavaScript thread, at the end: lets go of references to JavaScript, and of model and adapters, as a handle
  /// that JavaScript has forgotten may keep the job itself for a while.
  virtual void let_go() noexcept = 0;

  /// On the job's thread: makes `deliver` run soon.
  void notify() noexcept { callback_->notify(); }

 private:
  friend class RunningJobs;

  void run() noexcept;
  void drain(Napi::Env env) noexcept;
  void settle(Napi::Env env) noexcept;
  void stop_and_join() noexcept;
  void end() noexcept;
  static void end_with_environment(void* job);

  std::thread thread_;
  std::atomic<bool> finished_ = false;
  std::exception_ptr error_;  ///< of `work`
  // JavaScript thread only:
  std::unique_ptr<ThreadCallback> callback_;
  std::optional<Napi::Promise::Deferred> deferred_;
  std::exception_ptr callback_error_;  ///< of `deliver`
  std::shared_ptr<Job> self_;
};

}  // namespace hone::binding
