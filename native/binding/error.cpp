#include "binding/error.h"

#include "core/error.h"

#include <new>
#include <string>

namespace hone::binding {
namespace {

Napi::Value make_error(Napi::Env env, const std::string& code, const std::string& message, const std::string& hint) {
  const Napi::Error error = Napi::Error::New(env, message);
  Napi::Object value = error.Value();
  value.Set("code", code);
  value.Set("hint", hint);
  return value;
}

}  // namespace

Napi::Value to_javascript(Napi::Env env, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Napi::Error& found) {
    return found.Value();
  } catch (const Error& found) {
    return make_error(env, found.code(), found.what(), found.hint());
  } catch (const std::bad_alloc&) {
    return make_error(env, "memory.exhausted", "there is not enough memory",
                      "Close other programs, choose a smaller model or shorten the context.");
  } catch (const std::exception& found) {
    return make_error(env, "internal", found.what(), "This is a fault in Hone. Please report it with the log.");
  } catch (...) {
    return make_error(env, "internal", "an unknown failure", "This is a fault in Hone. Please report it with the log.");
  }
}

}  // namespace hone::binding
