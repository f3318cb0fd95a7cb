#include "core/error.h"
#include "gguf/parse.h"
#include "model/tokenizer/tokenizer.h"
#include "tools/fuzz/target.h"

#include <span>
#include <string>

/// The vocabulary in the header of a file, and a text of the same bytes through it.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto header = hone::parse_gguf(std::as_bytes(std::span(data, size)), "input");
    const auto tokenizer = hone::Tokenizer::from_metadata(header.metadata);
    const std::string text(reinterpret_cast<const char*>(data) + size - std::min<size_t>(size, 200),
                           std::min<size_t>(size, 200));
    (void)tokenizer->decode(tokenizer->encode_with_ranges(text, true, true).ids, true);
  } catch (const hone::Error&) {
  }
  return 0;
}
