#include "model/tokenizer/incremental_decoder.h"

#include "model/tokenizer/utf8.h"

#include <utility>

namespace hone {

std::string IncrementalDecoder::push(int32_t id) {
  std::string bytes = tokenizer_.piece(id, show_special_);
  if (std::exchange(at_start_, false) && tokenizer_.adds_space() && bytes.starts_with(' ')) bytes.erase(0, 1);
  held_ += bytes;

  size_t complete = held_.size();
  if (!utf8::ends_incomplete(held_, complete)) complete = held_.size();
  std::string out = utf8::replace_invalid(std::string_view(held_).substr(0, complete));
  held_.erase(0, complete);
  return out;
}

std::string IncrementalDecoder::finish() { return utf8::replace_invalid(std::exchange(held_, {})); }

}  // namespace hone
