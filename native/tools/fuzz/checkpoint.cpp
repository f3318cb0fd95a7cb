#include "backend/backend.h"
#include "core/error.h"
#include "model/arena.h"
#include "tools/fuzz/scratch_file.h"
#include "tools/fuzz/target.h"
#include "train/checkpoint.h"

#include <algorithm>
#include <iterator>

namespace {

using namespace hone;

const CheckpointIdentity kIdentity{.recipe = "recipe", .data = "data", .model = "model"};

struct Run {
  std::unique_ptr<Backend> backend = make_cpu_backend(1);
  Arena arena{*backend};
  std::vector<CheckpointTensor> tensors = {{"adapter", arena.from(std::vector<float>(24, 1), 1, 24)},
                                           {"moments", arena.from(std::vector<float>(48, 2), 1, 48)}};
  std::string whole;  ///< a checkpoint of it

  Run() {
    const std::string path = fuzz::scratch_file(nullptr, 0);
    write_checkpoint(path, kIdentity, {.step = 3, .updates = 3, .tokens = 99}, tensors, *backend);
    std::ifstream file(path, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(file), {});
  }
};

}  // namespace

/// Damage to a checkpoint: triples of a place (two bytes) and what is added to the byte there; one byte left over cuts
/// the file short.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Run run;
  std::string content = run.whole;
  for (; size >= 3; data += 3, size -= 3) {
    char& byte = content[(data[0] | static_cast<size_t>(data[1]) << 8) % content.size()];
    byte = static_cast<char>(byte + data[2]);
  }
  if (size == 1) content.resize(content.size() - std::min<size_t>(content.size(), data[0]));
  const std::string path = fuzz::scratch_file(reinterpret_cast<const uint8_t*>(content.data()), content.size());
  try {
    (void)read_checkpoint(path, kIdentity, 10, run.tensors, *run.backend);
  } catch (const Error&) {
  }
  try {
    read_checkpoint_tensors(path, kIdentity.model, run.tensors, *run.backend);
  } catch (const Error&) {
  }
  return 0;
}
