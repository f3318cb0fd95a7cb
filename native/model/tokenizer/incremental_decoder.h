#pragma once

#include "model/tokenizer/tokenizer.h"

#include <cstdint>
#include <string>

namespace hone {

/// Turns a stream of tokens into text that can be shown at once: a character that is spread over tokens is held back
/// until it is complete. What comes out is valid UTF-8; bytes that never become a character are U+FFFD.
/// Keeps a reference to the tokenizer.
class IncrementalDecoder {
 public:
  /// `at_start`: the stream begins a text, so the space that encoding put in front is dropped. False for an answer
  /// that continues a prompt.
  IncrementalDecoder(const Tokenizer& tokenizer, bool show_special, bool at_start = false)
      : tokenizer_(tokenizer), show_special_(show_special), at_start_(at_start) {}

  /// The text that became complete with this token; may be empty.
  std::string push(int32_t id);

  /// What was held back, at the end of the stream.
  std::string finish();

 private:
  const Tokenizer& tokenizer_;
  bool show_special_;
  bool at_start_;
  std::string held_;
};

}  // namespace hone
