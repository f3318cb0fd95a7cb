#include "binding/thread_callback.h"

#include "core/error.h"

#include <atomic>
#include <utility>

namespace hone::binding {

struct ThreadCallback::State {
  std::function<void(Napi::Env)> drain;
  std::atomic<bool> scheduled = false;

  static void call(napi_env env, napi_value, void* context, void*) {
    if (env == nullptr) return;  // the environment is ending
    auto* state = static_cast<State*>(context);
    state->scheduled.store(false);  // before the drain: what is queued from now on needs a drain of its own
    const auto drain = state->drain;  // a copy, as the drain may close its callback (Rule 3)
    if (!drain) return;
    drain(Napi::Env(env));
  }

  static void finalize(napi_env, void* state, void*) { delete static_cast<State*>(state); }
};

ThreadCallback::ThreadCallback(Napi::Env env, const char* name, std::function<void(Napi::Env)> drain)
    : state_(new State{std::move(drain)}) {
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, name), 0, 1, state_,
                                      State::finalize, state_, State::call, &function_);
  if (status == napi_ok) return;
  delete state_;
  throw Error("internal", "Node refused a thread-safe function");
}

void ThreadCallback::notify() noexcept {
  if (!state_->scheduled.exchange(true)) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void ThreadCallback::close() noexcept {
  if (function_ == nullptr) return;
  state_->drain = nullptr;  // Rule 3; `State` itself is freed by `finalize`
  napi_release_threadsafe_function(std::exchange(function_, nullptr), napi_tsfn_release);
}

}  // namespace hone::binding
