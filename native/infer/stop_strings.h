#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

/// Watches a growing text for the first of several stop strings. Text that may still turn out to be the beginning of
/// one is held back, so that no part of a stop string is ever shown.
class StopStrings {
 public:
  /// Empty strings are ignored.
  explicit StopStrings(std::vector<std::string> strings);

  /// The text that is now certain to be part of the answer. After `found()` everything is swallowed.
  std::string add(std::string_view text);

  /// A stop string is complete. Where several end in the same piece of text, the one that begins first counts.
  bool found() const noexcept { return found_; }

  /// The end of the answer: what was held back was no stop string after all.
  std::string finish();

 private:
  size_t possible_beginning() const;

  std::vector<std::string> strings_;
  std::string held_;
  bool found_ = false;
};

}  // namespace hone
