#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Turns bytes that arrive in pieces into valid UTF-8: a character that is not complete yet is held back, and bytes that
/// can never become one are replaced by U+FFFD.
class Utf8Text {
 public:
  /// The text that became certain with `bytes`.
  std::string add(std::string_view bytes);

  /// The end: what is still held back is replaced.
  std::string finish();

 private:
  std::string held_;  ///< a proper prefix of one character, at most 3 bytes
};

}  // namespace hone
