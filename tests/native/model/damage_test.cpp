#include "core/error.h"
#include "gguf/reader.h"
#include "model/fixture_models.h"
#include "model/tokenizer/tokenizer.h"
#include "support/damage.h"
#include "support/test.h"

#include <chrono>
#include <fstream>
#include <functional>
#include <map>

using namespace hone;
using namespace hone::test;

namespace {

/// Reads damaged copies of a file for a short while. Whatever the bytes, the reader gives a result or throws Error; a
/// crash, a hang, another exception or, under the sanitizers, an access outside is the failure. Seeded, so that a
/// failure can be repeated.
void survive(const std::string& source, size_t header, const std::function<void(const std::string&)>& read,
             std::chrono::milliseconds time = std::chrono::milliseconds(600)) {
  const std::string whole = read_bytes(source);
  const std::string path = temporary_folder() + "/damaged.gguf";
  const auto end = std::chrono::steady_clock::now() + time;
  std::map<std::string, int> outcomes;
  uint64_t round = 0;
  // The first ones in any case: a busy machine must not decide what is seen.
  for (; round < 24 || (round < 4000 && std::chrono::steady_clock::now() < end); ++round) {
    const std::string content = round % 4 == 0 ? damaged(whole, round) : scratched(whole, round, header);
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(content.data(), static_cast<long>(content.size()));
    try {
      read(path);
      ++outcomes["read"];
    } catch (const Error& error) {
      CHECK(error.code() != "internal");
      CHECK(std::string(error.what()).size() > 10);
      ++outcomes[error.code().substr(0, error.code().find('.'))];
    }
  }
  std::string text = std::to_string(round) + " damaged files:";
  for (const auto& [outcome, count] : outcomes) text += " " + outcome + " " + std::to_string(count);
  report(text);
  CHECK(outcomes["read"] > 0);
  CHECK(outcomes["gguf"] > 0);
}

constexpr size_t kHeader = 24'000;  // vocabulary and tensor list of the fixture models, and some numbers

}  // namespace

TEST("damaged models run or are refused with words") {
  // Small ones of every architecture, so that the damage seldom hits weights, and the block formats with a scale apart.
  for (const char* name : {"tiny/llama-q8_0", "tiny/llama-f16-factors", "tiny/llama-yarn", "tiny/qwen2", "tiny/qwen3",
                           "tiny/gemma3", "tiny/smollm3", "tiny/phi3", "tiny/lfm2", "models/phi3-longrope",
                           "models/bitnet-scale-tq2_0", "models/bitnet158-i2_s"}) {
    const auto run = [](const std::string& path) {
      const auto backend = make_cpu_backend(1);
      const auto model = Model::load(path, *backend);
      if (model->tokenizer()) (void)model->tokenizer()->decode(model->tokenizer()->encode("a b\xff<s>", true, true), true);
      constexpr int64_t kPositions = 3;
      Decoder decoder(*backend, model->config(), model->weights(), {.positions = kPositions});
      KvCache cache(*backend, model->config(), kPositions);
      const auto last = static_cast<int32_t>(model->config().vocabulary - 1);
      (void)decoder.all_logits(std::vector<int32_t>{0, last / 2, last}, cache);
    };
    survive(fixture(std::string(name) + ".gguf"), kHeader, run, std::chrono::milliseconds(300));
  }
}

TEST("damaged adapters are read or refused with words") {
  const auto backend = make_reference_backend();
  const auto model = Model::load(model_fixture("llama-q4_k.gguf"), *backend);
  survive(model_fixture("lora-llama-q4_k.gguf"), 2'000, [&](const std::string& path) {
    (void)read_adapter(path, model->config(), *backend);
  });
}

TEST("damaged vocabularies are read or refused with words") {
  for (const char* name : {"llama-bpe", "spm", "qwen2"}) {
    survive(fixture("tokenizers/" + std::string(name) + ".gguf"), 1 << 20, [](const std::string& path) {
      const auto tokenizer = Tokenizer::from_metadata(GgufFile::open(path)->metadata());
      const auto encoding = tokenizer->encode_with_ranges("The quick \xc3\xa9\xff  12345 <|im_end|>\n</s>", true, true);
      for (const auto id : encoding.ids) CHECK(id >= 0 && id < tokenizer->size());
      (void)tokenizer->decode(encoding.ids, true);
    });
  }
}
