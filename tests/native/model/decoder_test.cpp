#include "model/fixture_models.h"
#include "support/test.h"

#include <cstdio>

using namespace hone;
using namespace hone::test;

namespace {

const std::vector<std::string> kModels = {
    "llama-f32",     "llama-f16",    "llama-bf16",         "llama-q8_0",         "llama-q4_0",     "llama-tq2_0",
    "llama-yarn-q8_0", "llama-q4_k", "llama-q4_1",         "llama-q5_0",         "llama-q5_1",     "llama-q2_k",
    "llama-q3_k",    "llama-q5_k",   "llama-q6_k",         "qwen2-q5_k",         "qwen3-q8_0",     "smollm3-q8_0",
    "bitnet-tq2_0",  "bitnet-tq1_0", "bitnet-scale-tq2_0", "bitnet-relu2-tq2_0", "bitnet158-i2_s",
    "gemma3-q8_0",   "fused-phi-q8_0", "lfm2-q8_0",      "llama-iq4_nl",       "llama-yarn-keys", "phi3-longrope",
};

std::vector<int32_t> tokens_of(const std::string& name) { return logit_cases()[name]["tokens"].numbers<int32_t>(); }

std::string line(const std::string& name, const char* backend, const Distance& distance) {
  char text[160];
  std::snprintf(text, sizeof(text), "%-20s %-9s largest %.2e, mean square %.2e", name.c_str(), backend,
                distance.largest, distance.square);
  return text;
}

}  // namespace

TEST("logits without activation rounding equal the float64 results on every backend") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto& name : kModels) {
      const auto model = Model::load(model_fixture(name + ".gguf"), *backend);
      const Npy expected = read_npy(model_fixture(name + ".exact.npy"));
      const auto found = logits_of(*model, tokens_of(name), {}, ActivationMode::exact);
      const Distance d = distance(found, expected.values);
      report(line(name, label, d));
      CHECK_AT_MOST(d.largest, 1e-3 * spread_of(expected.values));
    }
  }
}

TEST("ternary models round activations per token by default, as they were trained") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* name :
         {"bitnet-tq2_0", "bitnet-tq1_0", "bitnet-scale-tq2_0", "bitnet-relu2-tq2_0", "bitnet158-i2_s"}) {
      const auto model = Model::load(model_fixture(std::string(name) + ".gguf"), *backend);
      const Npy expected = read_npy(model_fixture(std::string(name) + ".bitlinear.npy"));
      const Distance d = distance(logits_of(*model, tokens_of(name)), expected.values);
      report(line(name, label, d));
      CHECK_AT_MOST(d.square, 1e-3);  // a rounding tie may flip one code
    }
  }
}

TEST("adapters give the reference logits at full and at half strength") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* name :
         {"lora-llama-f16", "lora-llama-q4_k", "lora-bitnet-tq2_0", "lora-qwen3-q8_0", "lora-qwen3-normpair"}) {
      const auto model = Model::load(model_fixture(logit_cases()[name]["model"].text()), *backend);
      const auto loaded = read_adapter(model_fixture(std::string(name) + ".gguf"), model->config(), *backend);
      for (const float strength : {1.0f, 0.5f}) {
        const std::string half = strength == 1 ? "" : ".half";
        const Npy expected = read_npy(model_fixture(name + half + ".exact.npy"));
        const ActiveAdapter active{loaded.adapter.get(), strength};
        const auto found = logits_of(*model, tokens_of(name), {&active, 1}, ActivationMode::exact);
        const Distance d = distance(found, expected.values);
        report(line(name + half, label, d));
        CHECK_AT_MOST(d.largest, 1e-3 * spread_of(expected.values));
      }
    }
  }
}

TEST("two adapters at half strength equal one at full strength") {
  const auto backend = make_reference_backend();
  const auto model = Model::load(model_fixture("llama-f16.gguf"), *backend);
  const auto loaded = read_adapter(model_fixture("lora-llama-f16.gguf"), model->config(), *backend);
  const std::vector<ActiveAdapter> twice = {{loaded.adapter.get(), 0.5f}, {loaded.adapter.get(), 0.5f}};
  const ActiveAdapter once{loaded.adapter.get(), 1};
  const auto tokens = tokens_of("llama-f16");
  CHECK_AT_MOST(distance(logits_of(*model, tokens, twice), logits_of(*model, tokens, {&once, 1})).largest, 1e-4);
}

TEST("an adapter at strength 0 and a fresh adapter leave the base logits untouched to the bit") {
  for (const auto& [label, backend] : all_backends()) {
    const auto model = Model::load(model_fixture("bitnet-tq2_0.gguf"), *backend);
    const auto tokens = tokens_of("bitnet-tq2_0");
    const auto base = logits_of(*model, tokens);
    LoraAdapter fresh(*backend, lora_shapes(model->config(), kAllProjections, 8), 16);
    initialise_lora(fresh, 7);
    const ActiveAdapter active{&fresh, 1};
    CHECK(logits_of(*model, tokens, {&active, 1}) == base);
    const auto loaded = read_adapter(model_fixture("lora-bitnet-tq2_0.gguf"), model->config(), *backend);
    const ActiveAdapter silent{loaded.adapter.get(), 0};
    CHECK(logits_of(*model, tokens, {&silent, 1}) == base);
  }
}

TEST("tokens one at a time, in chunks and whole give the same logits") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* name : {"llama-q8_0", "bitnet-tq2_0", "qwen2-q5_k", "qwen3-q8_0", "smollm3-q8_0", "gemma3-q8_0",
                             "fused-phi-q8_0", "lfm2-q8_0", "llama-yarn-q8_0"}) {
      const auto model = Model::load(model_fixture(std::string(name) + ".gguf"), *backend);
      const auto tokens = tokens_of(name);
      const auto whole = logits_of(*model, tokens);
      for (const int64_t chunk : {1, 5}) {
        const Distance d = distance(logits_of(*model, tokens, {}, ActivationMode::automatic, chunk), whole);
        report(line(std::string(name) + " by " + std::to_string(chunk), label, d));
        CHECK_AT_MOST(d.square, 1e-7);  // few tokens are multiplied exactly, many with fine activations
      }
      // The streaming call agrees with the batch call.
      Decoder decoder(*backend, model->config(), model->weights(), {.positions = 64});
      KvCache cache(*backend, model->config(), 64);
      std::span<const float> last;
      for (const int32_t token : tokens) last = decoder.next_logits({&token, 1}, cache);
      const std::vector<float> expected(whole.end() - static_cast<std::ptrdiff_t>(last.size()), whole.end());
      CHECK_AT_MOST(distance({last.begin(), last.end()}, expected).square, 1e-7);
    }
  }
}

TEST("keys and values kept in 16 or 8 bits change the logits by little") {
  for (const auto& [label, backend] : all_backends()) {
    if (backend->kind() == BackendKind::vulkan) continue;  // its caches are float32
    for (const auto* name : {"llama-f16", "bitnet-tq2_0", "qwen3-q8_0", "gemma3-q8_0", "lfm2-q8_0"}) {
      const auto model = Model::load(model_fixture(std::string(name) + ".gguf"), *backend);
      const auto tokens = tokens_of(name);
      const auto with = [&](DType dtype, int64_t chunk) {
        Decoder decoder(*backend, model->config(), model->weights(), {.positions = 64, .chunk = chunk});
        KvCache cache(*backend, model->config(), 64, dtype);
        return decoder.all_logits(tokens, cache);
      };
      const auto expected = with(DType::F32, 256);
      for (const int64_t chunk : {1, 256}) {
        const Distance half = distance(with(DType::F16, chunk), expected);
        const Distance byte = distance(with(DType::Q8_0, chunk), expected);
        report(line(std::string(name) + " F16", label, half));
        report(line(std::string(name) + " Q8_0", label, byte));
        CHECK_AT_MOST(half.square, 1e-3);  // a rounding tie of a ternary model may flip one code
        CHECK_AT_MOST(byte.square, 3e-3);
      }
    }
  }
}

TEST("a cut cache continues as if the rest had never been there") {
  const auto backend = make_reference_backend();
  for (const auto* name : {"llama-f32", "gemma3-q8_0", "lfm2-q8_0"}) {
    const auto model = Model::load(model_fixture(std::string(name) + ".gguf"), *backend);
    const auto tokens = tokens_of(name);
    Decoder decoder(*backend, model->config(), model->weights(), {.positions = 64});
    KvCache cache(*backend, model->config(), 64);
    const auto first = decoder.all_logits(tokens, cache);
    cache.truncate(10);
    const auto again = decoder.all_logits(std::span(tokens).subspan(10), cache);
    const auto v = static_cast<size_t>(model->config().vocabulary);
    CHECK_AT_MOST(distance(again, {first.begin() + static_cast<std::ptrdiff_t>(10 * v), first.end()}).largest, 1e-4);
  }
}

TEST("a full context and a foreign token are refused with numbers") {
  const auto backend = make_reference_backend();
  const auto model = Model::load(model_fixture("llama-f32.gguf"), *backend);
  Decoder decoder(*backend, model->config(), model->weights(), {.positions = 8});
  KvCache cache(*backend, model->config(), 8);
  CHECK_ERROR("generate.context", decoder.all_logits(std::vector<int32_t>(9, 1), cache));
  CHECK_ERROR("generate.token", decoder.all_logits(std::vector<int32_t>{1, 1000000}, cache));
  CHECK_EQUAL(cache.length(), 0);
}
