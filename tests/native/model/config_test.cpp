#include "model/config.h"

#include "model/fixture_models.h"
#include "model/rewrite.h"
#include "support/test.h"

#include <limits>

using namespace hone;
using namespace hone::test;

namespace {

/// Loads a changed copy of a fixture.
std::shared_ptr<const Model> load(const std::string& name, const std::function<void(Rewrite&)>& change,
                                  const ModelOptions& options = {}) {
  static const auto backend = make_reference_backend();
  return Model::load(rewrite(model_fixture(name), change), *backend, options);
}

std::function<void(Rewrite&)> set(const std::string& key, MetadataValue value) {
  return [=](Rewrite& file) { file.metadata.set(key, value); };
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST("the numbers of a model come from its metadata") {
  const auto model = load("llama-f16.gguf", [](Rewrite&) {});
  const ModelConfig& config = model->config();
  CHECK_EQUAL(config.architecture, std::string("llama"));
  CHECK(config.heads % config.groups == 0 && config.groups < config.heads);
  CHECK_EQUAL(config.query_width(), config.heads * config.head_dim);
  CHECK(config.tied_head);
  CHECK(config.permuted_qk);
  CHECK(model->weights().rope_factors.size() == static_cast<size_t>(config.rope.dimensions / 2));
  CHECK(model->tokenizer() != nullptr);
  CHECK(!load("llama-q4_k.gguf", [](Rewrite&) {})->config().tied_head);
  const auto yarn = load("llama-yarn-q8_0.gguf", [](Rewrite&) {});
  CHECK(yarn->config().rope.scaling == RopeScaling::yarn);
  CHECK_EQUAL(yarn->config().rope.original_context, 64);
  CHECK(load("llama-bf16.gguf", [](Rewrite&) {})->config().rope.scaling == RopeScaling::linear);
}

TEST("the activation follows the rule for BitNet and says where it came from") {
  const auto source = [](const ModelConfig& config) {
    return std::string(activation_source_name(config.activation_source));
  };
  const auto stated = load("bitnet-relu2-tq2_0.gguf", [](Rewrite&) {});
  CHECK(stated->config().activation == ops::ActivationKind::relu2);
  CHECK_EQUAL(source(stated->config()), std::string("metadata"));
  const auto plain = load("bitnet-tq2_0.gguf", [](Rewrite&) {});
  CHECK(plain->config().activation == ops::ActivationKind::silu);
  CHECK_EQUAL(source(plain->config()), std::string("architecture"));
  const auto named = load("bitnet158-i2_s.gguf", [](Rewrite&) {});
  CHECK(named->config().activation == ops::ActivationKind::relu2);
  const auto chosen = load("bitnet-tq2_0.gguf", [](Rewrite&) {}, {.activation = ops::ActivationKind::relu2});
  CHECK(chosen->config().activation == ops::ActivationKind::relu2);
  CHECK_EQUAL(source(chosen->config()), std::string("chosen"));
  CHECK(contains(chosen->config().activation_reason, "without that silu, the rule for architecture bitnet"));
  CHECK_ERROR("model.unsupported", load("bitnet-tq2_0.gguf", set("bitnet.hidden_activation", std::string("tanh"))));
}

TEST("a bitnet model with the vocabulary of 2B-4T is guessed to use squared ReLU") {
  const auto guessed = load("bitnet-tq2_0.gguf", [](Rewrite& file) {
    constexpr int64_t kTokens = 128256;
    std::vector<std::string> tokens;
    for (int64_t i = 0; i < kTokens; ++i) tokens.push_back("token" + std::to_string(i));
    file.metadata.set("tokenizer.ggml.tokens", MetadataArray(std::move(tokens)));
    file.metadata.set("tokenizer.ggml.model", std::string("gpt2"));
    const int64_t dim = file.tensor("token_embd.weight").info.ne[0];
    auto& embedding = file.tensor("token_embd.weight");
    embedding.info = make_tensor_info("token_embd.weight", DType::F16, {dim, kTokens});
    embedding.bytes.assign(embedding.info.bytes, std::byte{0});
  });
  CHECK(guessed->config().activation == ops::ActivationKind::relu2);
  CHECK(guessed->config().activation_source == ActivationSource::guess);
  CHECK(contains(guessed->config().activation_reason, "2B-4T"));
}

TEST("variations that would change the result are refused, not passed over") {
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("general.architecture", std::string("mamba"))));
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("llama.expert_count", 8u)));
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("llama.rope.scaling.type", std::string("longrope"))));
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("llama.attention.scale", 0.5f)));
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("general.type", std::string("mmproj"))));
  const auto unknown = [](Rewrite& file) { file.add("blk.0.attn_norm_in.weight", {4}); };
  CHECK_ERROR("model.tensor", load("llama-f32.gguf", unknown));
  CHECK_ERROR("model.tensor", load("bitnet-tq2_0.gguf", [](Rewrite& file) { file.add("blk.0.attn_q.bias", {4}); }));
  const auto message = message_of([&] { load("llama-f32.gguf", unknown); });
  CHECK(contains(message, "blk.0.attn_norm_in.weight"));
}

TEST("settings that Hone does not know are refused by name, those that say nothing are not") {
  const auto message = message_of([] {
    load("qwen3-q8_0.gguf", [](Rewrite& file) {
      file.metadata.set("qwen3.attention.sliding_window", 512u);
      file.metadata.set("qwen3.final_logit_softcapping", 30.0f);
      file.metadata.set("qwen3.residual_scale", 0.0f);
    });
  });
  CHECK(contains(message, "qwen3.attention.sliding_window, qwen3.final_logit_softcapping"));
  CHECK(!contains(message, "residual_scale"));
  CHECK_ERROR("model.unsupported", load("llama-f32.gguf", set("llama.attention.causal", false)));
  CHECK_ERROR("model.unsupported", load("gemma3-q8_0.gguf", set("gemma3.attention.sliding_window_pattern", 2u)));
  CHECK_ERROR("model.unsupported", load("gemma3-q8_0.gguf", set("gemma3.rope.freq_base_swa", 500.0f)));
  CHECK_ERROR("model.metadata", load("gemma3-q8_0.gguf", [](Rewrite& file) {
    file.metadata.erase("gemma3.attention.sliding_window");
  }));
  load("llama-f32.gguf", set("llama.attention.causal", true));
  load("llama-f32.gguf", set("llama.expert_used_count", 0u));
  load("gemma3-q8_0.gguf", set("gemma3.attention.sliding_window_pattern", 6u));
  load("fused-phi-q8_0.gguf", set("phi3.attention.sliding_window", 16u));
}

TEST("layers of lfm2 are told apart by their key heads") {
  const auto model = load("lfm2-q8_0.gguf", [](Rewrite&) {});
  const ModelConfig& config = model->config();
  CHECK(config.is_convolution(0) && !config.is_convolution(1) && config.is_convolution(2));
  CHECK_EQUAL(config.groups, 2);
  CHECK_EQUAL(config.convolution_width, 3);
  const auto heads = [](std::vector<int32_t> values) {
    return set("lfm2.attention.head_count_kv", MetadataArray(std::move(values)));
  };
  CHECK_ERROR("model.unsupported", load("lfm2-q8_0.gguf", heads({0, 2, 0, 4})));
  CHECK_ERROR("model.metadata", load("lfm2-q8_0.gguf", heads({0, 2, 0})));
  CHECK_ERROR("model.metadata", load("lfm2-q8_0.gguf", heads({0, 3, 0, 3})));
  CHECK_ERROR("model.tensor", load("lfm2-q8_0.gguf", heads({2, 2, 0, 2})));
  CHECK_ERROR("model.metadata", load("lfm2-q8_0.gguf", set("lfm2.shortconv.l_cache", 0u)));
  CHECK_ERROR("model.tensor", load("lfm2-q8_0.gguf", set("lfm2.shortconv.l_cache", 4u)));
}

TEST("impossible numbers are refused with the key, the value and the limit") {
  for (const auto& [key, value] : std::vector<std::pair<std::string, MetadataValue>>{
           {"llama.block_count", 0u},
           {"llama.block_count", 100000u},
           {"llama.embedding_length", 0u},
           {"llama.attention.head_count", 0u},
           {"llama.attention.head_count_kv", 3u},
           {"llama.attention.head_count_kv", 0u},
           {"llama.context_length", 0u},
           {"llama.rope.dimension_count", 7u},
           {"llama.rope.dimension_count", 100000u},
           {"llama.attention.layer_norm_rms_epsilon", std::numeric_limits<float>::quiet_NaN()},
           {"llama.attention.layer_norm_rms_epsilon", 0.0f},
           {"llama.rope.freq_base", -1.0f},
           {"llama.block_count", static_cast<int64_t>(-1)},
       }) {
    CHECK_ERROR("model.metadata", load("llama-f32.gguf", set(key, value)));
  }
  const auto message = message_of([] { load("llama-f32.gguf", set("llama.block_count", 100000u)); });
  CHECK(contains(message, "llama.block_count is 100000") && contains(message, "512"));
  CHECK_ERROR("model.metadata", load("llama-f32.gguf", [](Rewrite& file) {
    file.metadata.erase("llama.block_count");
  }));
}

TEST("missing and misshapen tensors are refused by name, with the shape found and expected") {
  CHECK_ERROR("model.tensor", load("llama-f32.gguf", [](Rewrite& file) { file.remove("blk.0.ffn_up.weight"); }));
  CHECK_ERROR("model.tensor", load("llama-f32.gguf", set("llama.feed_forward_length", 64u)));
  const auto message = message_of([] { load("llama-f32.gguf", set("llama.feed_forward_length", 64u)); });
  CHECK(contains(message, "blk.0.ffn_gate.weight") && contains(message, "expected is ["));
  CHECK_ERROR("model.tensor", load("llama-f32.gguf", [](Rewrite& file) {
    const float bad = std::numeric_limits<float>::quiet_NaN();
    std::memcpy(file.tensor("output_norm.weight").bytes.data(), &bad, 4);
  }));
}

TEST("a model whose tokenizer is unknown loads all the same and says why") {
  const auto model = load("llama-f32.gguf", set("tokenizer.ggml.model", std::string("rwkv")));
  CHECK(model->tokenizer() == nullptr);
  CHECK(!model->tokenizer_problem().empty());
}
