#include "backend/backend.h"
#include "core/error.h"
#include "model/decoder.h"
#include "model/model.h"
#include "model/tokenizer/tokenizer.h"
#include "tools/fuzz/scratch_file.h"
#include "tools/fuzz/target.h"

/// A whole model file: numbers, tensors, vocabulary; what loads must also run.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto backend = hone::make_cpu_backend(1);
    const auto model = hone::Model::load(hone::fuzz::scratch_file(data, size), *backend);
    if (const hone::Tokenizer* tokenizer = model->tokenizer()) {
      (void)tokenizer->decode(tokenizer->encode("The 12 \xc3\xa9\xff <s>\n", true, true), true);
    }
    constexpr int64_t kPositions = 3;
    hone::Decoder decoder(*backend, model->config(), model->weights(), {.positions = kPositions});
    hone::KvCache cache(*backend, model->config(), kPositions);
    const int32_t last = static_cast<int32_t>(model->config().vocabulary - 1);
    (void)decoder.all_logits(std::vector<int32_t>{0, last, last / 2}, cache);
  } catch (const hone::Error&) {
  }
  return 0;
}
