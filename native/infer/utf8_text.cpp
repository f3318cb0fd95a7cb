#include "infer/utf8_text.h"

#include "model/tokenizer/utf8.h"

#include <utility>

namespace hone {

std::string Utf8Text::add(std::string_view bytes) {
  held_.append(bytes);
  size_t certain = held_.size();
  if (size_t begin = 0; utf8::ends_incomplete(held_, begin)) certain = begin;
  std::string text = utf8::replace_invalid(std::string_view(held_).substr(0, certain));
  held_.erase(0, certain);
  return text;
}

std::string Utf8Text::finish() { return utf8::replace_invalid(std::exchange(held_, {})); }

}  // namespace hone
