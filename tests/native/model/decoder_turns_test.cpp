#include "infer/resident_model.h"
#include "model/decoder.h"
#include "support/test.h"

#include <cstring>
#include <memory>
#include <vector>

using namespace hone;
using hone::test::fixture;

namespace {

const std::vector<std::vector<int32_t>> kPrompts = {
    {40, 41, 42, 60}, {77}, {50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61}};

/// Logits of three more tokens of every sequence, [step][sequence][V], one sequence after the other or all at once.
std::vector<std::vector<float>> grow(const ResidentModel& base, const LoraAdapter* adapter, bool together) {
  const auto backend = base.make_backend();
  const ModelConfig& config = base.model().config();
  Decoder decoder(*backend, config, base.model().weights(), {.positions = 64, .chunk = 32});
  std::vector<ActiveAdapter> strong, weak;
  if (adapter) {
    strong = {{adapter, 1.0f}};
    weak = {{adapter, -0.5f}};
  }
  const std::span<const ActiveAdapter> adapters[3] = {strong, {}, weak};
  std::vector<std::unique_ptr<KvCache>> caches;
  for (size_t i = 0; i < kPrompts.size(); ++i) {
    caches.push_back(std::make_unique<KvCache>(*backend, config, 32, i == 1 ? DType::F32 : DType::F16));
    decoder.next_logits(kPrompts[i], *caches.back(), adapters[i]);
  }
  std::vector<std::vector<float>> all;
  for (int32_t step = 0; step < 3; ++step) {
    std::vector<float> logits;
    std::vector<DecoderTurn> turns;
    for (size_t i = 0; i < kPrompts.size(); ++i) {
      turns.push_back({70 + 10 * step + static_cast<int32_t>(i), caches[i].get(), adapters[i]});
      if (together) continue;
      const auto own = decoder.next_logits({&turns.back().token, 1}, *caches[i], adapters[i]);
      logits.insert(logits.end(), own.begin(), own.end());
    }
    if (together) {
      const auto rows = decoder.next_logits(turns);
      logits.assign(rows.begin(), rows.end());
    }
    all.push_back(std::move(logits));
  }
  return all;
}

void check_same(const std::string& model, const std::string& adapter_file) {
  const auto base = ResidentModel::open(fixture("models/" + model + ".gguf"), {.threads = 2});
  const auto adapter = adapter_file.empty() ? nullptr : ResidentAdapter::open(fixture("models/" + adapter_file), base);
  const LoraAdapter* used = adapter ? &adapter->adapter() : nullptr;
  const auto alone = grow(*base, used, false), together = grow(*base, used, true);
  for (size_t step = 0; step < alone.size(); ++step) {
    CHECK_EQUAL(alone[step].size(), together[step].size());
    if (std::memcmp(alone[step].data(), together[step].data(), alone[step].size() * sizeof(float)) != 0) {
      test::fail(__FILE__, __LINE__, (model + ", step").c_str(), step, "the bits of each alone");
    }
  }
}

}  // namespace

TEST("several sequences in one pass get the bits that each gets alone, whatever the architecture") {
  for (const auto* model : {"bitnet-tq2_0", "qwen3-q8_0", "gemma3-q8_0", "lfm2-q8_0", "llama-q4_k", "llama-f16"}) {
    check_same(model, "");
  }
}

TEST("sequences in one pass keep their own adapters and strengths") {
  check_same("bitnet-tq2_0", "lora-bitnet-tq2_0.gguf");
  check_same("qwen3-q8_0", "lora-qwen3-q8_0.gguf");
}

TEST("a turn that does not fit its cache is refused before anything is computed") {
  const auto base = ResidentModel::open(fixture("models/bitnet-tq2_0.gguf"), {.threads = 1});
  const auto backend = base->make_backend();
  const ModelConfig& config = base->model().config();
  Decoder decoder(*backend, config, base->model().weights(), {.positions = 8, .chunk = 4});
  KvCache roomy(*backend, config, 8), full(*backend, config, 1);
  decoder.next_logits(std::vector<int32_t>{40}, full);
  const std::vector<DecoderTurn> turns = {{41, &roomy, {}}, {42, &full, {}}};
  CHECK_ERROR("generate.context", decoder.next_logits(turns));
  CHECK_EQUAL(roomy.length(), int64_t{0});
}
