#include "backend/backend.h"
#include "core/error.h"
#include "model/adapter_file.h"
#include "model/adapter_info.h"
#include "tools/fuzz/scratch_file.h"
#include "tools/fuzz/target.h"

/// An adapter file, for a small llama and without a base.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto backend = hone::make_cpu_backend(1);
  static const hone::ModelConfig config = [] {
    hone::ModelConfig made;
    made.architecture = "llama";
    made.dim = 256;
    made.feed_forward = 512;
    made.layers = 2;
    made.heads = made.groups = 4;
    made.head_dim = 64;
    made.vocabulary = 352;
    return made;
  }();
  const std::string path = hone::fuzz::scratch_file(data, size);
  try {
    (void)hone::inspect_adapter(path);
    (void)hone::read_adapter(path, config, *backend);
  } catch (const hone::Error&) {
  }
  return 0;
}
