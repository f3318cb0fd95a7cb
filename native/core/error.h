#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace hone {

/// The one error of the engine. It keeps its three parts from here to the window:
/// `code` is stable and dotted ("gguf.truncated"), `what()` says what happened with the names, the value
/// found and the limit, `hint` says what the person can do (may be empty).
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(std::move(code)), hint_(std::move(hint)) {}

  const std::string& code() const noexcept { return code_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  std::string code_;
  std::string hint_;
};

/// Throws `Error` unless `condition` holds. For promises of our own callers, not for checking files:
/// a failure here is a bug in Hone and is reported as one (code "internal").
inline void ensure(bool condition, std::string_view what) {
  if (!condition) {
    throw Error("internal", std::string(what), "This is a fault in Hone. Please report it with the log of the run.");
  }
}

}  // namespace hone
