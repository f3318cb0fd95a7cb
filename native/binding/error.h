#pragma once

#include <napi.h>

#include <exception>
#include <utility>

namespace hone::binding {

/// The JavaScript error for a C++ one, with `message`, `code` and `hint`: hone::Error keeps its three parts, a failed
/// allocation is "memory.exhausted", anything else "internal". A JavaScript exception that travelled through C++ stays
/// what it was.
Napi::Value to_javascript(Napi::Env env, const std::exception_ptr& error);

/// Runs `body` on the JavaScript thread and throws what it throws as a JavaScript error. Every function that JavaScript
/// calls has its body in here. An exception that is already pending is passed on and never replaced.
template <class Body>
auto guarded(Napi::Env env, Body&& body) -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw Napi::Error(env, to_javascript(env, std::current_exception()));
  }
}

/// Resolves a promise with what `make` gives, or rejects it with what `make` throws. In an environment that is ending
/// (a worker that was told to stop) no JavaScript can run any more: then nothing happens, as nobody is left to hear.
template <class Make>
void settle_promise(Napi::Env env, const Napi::Promise::Deferred& deferred, Make&& make) noexcept {
  try {
    try {
      deferred.Resolve(std::forward<Make>(make)());
    } catch (...) {
      deferred.Reject(to_javascript(env, std::current_exception()));
    }
  } catch (const Napi::Error&) {
  }
}

}  // namespace hone::binding
