#pragma once

#include "model/tokenizer/expressions.h"

#include <span>
#include <string_view>

namespace hone {

/// How one family of byte-level BPE cuts text into pieces before merging.
struct PreTokenizer {
  std::span<const std::string_view> names;  ///< values of tokenizer.ggml.pre
  std::span<const expressions::Expression> expressions;
  bool ignore_merges = false;  ///< a piece that is a token as a whole stays whole
  bool add_bos = false;        ///< where the file does not say
  bool clean_spaces = true;    ///< what other engines do when showing text
};

/// nullptr for a name that Hone does not know.
const PreTokenizer* find_pre_tokenizer(std::string_view name) noexcept;

/// Calls body(begin, end) for every piece of characters [begin, end). Each expression cuts the pieces that the one
/// before it left: its matches become pieces, and so does what lies between them.
template <class Body>
void each_piece(std::span<const expressions::Expression> expressions, const Characters& text, size_t begin, size_t end,
                const Body& body) {
  if (expressions.empty()) return body(begin, end);
  const auto rest = expressions.subspan(1);
  size_t gap = begin;
  for (size_t at = begin; at < end;) {
    const size_t stop = expressions[0](text, at, end);
    if (stop == at) {
      ++at;
      continue;
    }
    if (at > gap) each_piece(rest, text, gap, at, body);
    each_piece(rest, text, at, stop, body);
    at = gap = stop;
  }
  if (gap < end) each_piece(rest, text, gap, end, body);
}

}  // namespace hone
