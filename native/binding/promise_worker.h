#pragma once

#include "binding/error.h"

#include <napi.h>

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace hone::binding {

/// One operation that takes a while: `work` runs on a thread of libuv's pool and may throw, then `make` turns its result
/// into a value on the JavaScript thread, then the promise settles. `work` owns (by capture) whatever it needs: a handle
/// that JavaScript closes or drops meanwhile must not pull memory away from under it.
template <class Result>
class PromiseWorker final : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Make = std::function<Napi::Value(Napi::Env, Result)>;

  PromiseWorker(Napi::Env env, const char* name, Work work, Make make)
      : AsyncWorker(env, name), deferred_(env), work_(std::move(work)), make_(std::move(make)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (...) {
      error_ = std::current_exception();
    }
    work_ = nullptr;
  }

  void OnOK() override {
    settle_promise(Env(), deferred_, [this] {
      if (error_) std::rethrow_exception(error_);
      return make_(Env(), std::move(*result_));
    });
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  Make make_;
  std::optional<Result> result_;
  std::exception_ptr error_;
};

/// Queues the operation; the worker frees itself.
template <class Result>
Napi::Promise run_off_thread(Napi::Env env, const char* name, std::type_identity_t<std::function<Result()>> work,
                             typename PromiseWorker<Result>::Make make) {
  auto* worker = new PromiseWorker<Result>(env, name, std::move(work), std::move(make));
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace hone::binding
