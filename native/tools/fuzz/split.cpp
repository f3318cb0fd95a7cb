#include "core/error.h"
#include "gguf/reader.h"
#include "tools/fuzz/scratch_file.h"
#include "tools/fuzz/target.h"

#include <filesystem>

/// A model in two parts: the first byte tells how the rest is shared out to them.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t first = (size - 1) * data[0] / 255;
  const std::string path = hone::fuzz::scratch_file(data + 1, first, "-00001-of-00002.gguf");
  (void)hone::fuzz::scratch_file(data + 1 + first, size - 1 - first, "-00002-of-00002.gguf");
  try {
    const auto file = hone::GgufFile::open(path);
    for (const auto& tensor : file->tensors()) (void)file->data(tensor);
  } catch (const hone::Error&) {
  }
  return 0;
}
