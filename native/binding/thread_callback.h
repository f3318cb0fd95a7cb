#pragma once

#include <napi.h>

#include <functional>

namespace hone::binding {

/// The way from one working thread to the JavaScript thread: `notify` there makes `drain` run here, soon.
///
/// Rule 1. `notify` carries nothing. The thread puts what it has to say into a queue of its own first; `drain` takes
///         everything that is in it. Many notifies may become one drain, so a fast thread cannot flood the event loop.
/// Rule 2. `close` (or the destructor) is called on the JavaScript thread, after the working thread was joined.
///         So nobody ever notifies a closed callback.
/// Rule 3. After `close` no drain runs, not even one that was on its way. A drain may close its own callback.
///
/// While it is open it keeps the event loop alive: a program does not end in the middle of an answer.
class ThreadCallback {
 public:
  /// `name` shows up in diagnostics of Node. `drain` must not throw.
  ThreadCallback(Napi::Env env, const char* name, std::function<void(Napi::Env)> drain);
  ~ThreadCallback() { close(); }
  ThreadCallback(const ThreadCallback&) = delete;
  ThreadCallback& operator=(const ThreadCallback&) = delete;

  void notify() noexcept;
  void close() noexcept;

 private:
  struct State;  ///< outlives this object until Node has let go of it

  State* state_;
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace hone::binding
