#include "core/error.h"
#include "gguf/parse.h"
#include "tools/fuzz/target.h"

#include <span>

/// The header of any GGUF file, from memory.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    (void)hone::parse_gguf(std::as_bytes(std::span(data, size)), "input");
  } catch (const hone::Error&) {
  }
  return 0;
}
