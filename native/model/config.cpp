#include "model/config.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "model/architecture.h"
#include "model/architecture_keys.h"

#include <cmath>
#include <string>

namespace hone {
namespace {

[[noreturn]] void refuse_architecture(const std::string& found) {
  std::string known;
  for (const auto& architecture : architectures()) {
    if (!known.empty()) known += ", ";
    known += architecture.name;
  }
  throw Error("model.unsupported", "the model's architecture is \"" + found + "\"",
              "Hone runs these architectures: " + known + ".");
}

void refuse_experts(const ArchitectureKeys& keys) {
  const int64_t experts = keys.count("expert_count", 0, 1 << 20, 0, 0);
  if (experts == 0) return;
  throw Error("model.unsupported", keys.name("expert_count") + " is " + std::to_string(experts) +
                                       ": mixtures of experts cannot be run", "Choose a dense model.");
}

RopeConfig read_rope(const ArchitectureKeys& keys, const Architecture& architecture, int64_t head_dim, int64_t context) {
  RopeConfig rope;
  rope.pairing = architecture.pairing;
  rope.skip_every = architecture.rope_skip_every;
  rope.dimensions = keys.count("rope.dimension_count", 2, head_dim, 0, head_dim);
  if (rope.dimensions % 2 != 0) {
    throw Error("model.metadata", keys.name("rope.dimension_count") + " is " + std::to_string(rope.dimensions) +
                                      ", it must be even");
  }
  rope.base = keys.real("rope.freq_base", 10000, 1e-3);
  rope.original_context = keys.count("rope.scaling.original_context_length", 1, INT32_MAX, 0, context);

  double factor = keys.real("rope.scaling.factor", 0, 0);
  if (factor == 0) factor = keys.real("rope.scale_linear", 0, 0);  // the old name
  const std::string type = keys.string("rope.scaling.type", "linear");
  rope.attention_factor = keys.real("rope.scaling.attn_factor", 1, 1e-6);
  if (type == "none") {
    rope.scaling = RopeScaling::none;
  } else if (type == "linear") {
    rope.scaling = factor == 0 || factor == 1 ? RopeScaling::none : RopeScaling::linear;
  } else if (type == "yarn") {
    rope.scaling = RopeScaling::yarn;
    rope.extrapolation_factor = keys.real("rope.scaling.yarn_ext_factor", 1, 0);
    rope.attention_factor *= keys.real("rope.scaling.yarn_attn_factor", 1, 1e-6);
    rope.beta_fast = keys.real("rope.scaling.yarn_beta_fast", 32, 1e-6);
    rope.beta_slow = keys.real("rope.scaling.yarn_beta_slow", 1, 1e-6);
  } else if (type == "longrope" && architecture.long_rope_factors) {
    rope.scaling = RopeScaling::none;
  } else {
    throw Error("model.unsupported", keys.name("rope.scaling.type") + " is \"" + type + "\"; known are none, linear" +
                                         (architecture.long_rope_factors ? ", yarn and longrope" : " and yarn"));
  }
  rope.factor = rope.scaling == RopeScaling::none || factor == 0 ? 1 : factor;
  return rope;
}

/// The activation is not in most files, and BitNet models of the same architecture name differ in it.
void choose_activation(ModelConfig& config, const ArchitectureKeys& keys, const Architecture& architecture,
                       const Metadata& metadata, std::optional<ops::ActivationKind> chosen) {
  constexpr int64_t kTokensOf2B4T = 128256;
  const std::string stored = keys.string("hidden_activation", "");
  if (!stored.empty()) {
    if (stored != "silu" && stored != "relu2") {
      throw Error("model.unsupported", keys.name("hidden_activation") + " is \"" + stored +
                                           "\"; known are silu and relu2");
    }
    config.activation = stored == "silu" ? ops::ActivationKind::silu : ops::ActivationKind::relu2;
    config.activation_source = ActivationSource::metadata;
    config.activation_reason = "stated in the file (" + keys.name("hidden_activation") + ")";
  } else if (architecture.ternary_guess && config.vocabulary == kTokensOf2B4T &&
             metadata.string("tokenizer.ggml.model", "") == "gpt2") {
    config.activation = ops::ActivationKind::relu2;
    config.activation_source = ActivationSource::guess;
    config.activation_reason =
        "guessed: a bitnet model with 128256 tokens is BitNet b1.58 2B-4T, which was trained with squared ReLU; "
        "some other engines run it with SiLU, which is wrong for it";
  } else {
    config.activation = architecture.activation;
    config.activation_source = ActivationSource::architecture;
    config.activation_reason = "the rule for architecture " + config.architecture;
  }
  if (!chosen) return;
  config.activation_reason = "chosen by hand; without that " + std::string(activation_name(config.activation)) + ", " +
                             config.activation_reason;
  config.activation = *chosen;
  config.activation_source = ActivationSource::chosen;
}

/// Key/value heads, the same in every layer that has any. Where the architecture knows short convolutions, a layer
/// without key/value heads is one.
void read_key_heads(ModelConfig& config, const ArchitectureKeys& keys, const Architecture& architecture) {
  if (!architecture.short_convolutions) {
    config.groups = keys.count("attention.head_count_kv", 1, config.heads, config.layers, config.heads);
    return;
  }
  config.groups = 1;  // for a model of convolutions only
  bool found = false;
  for (const int64_t groups : keys.counts("attention.head_count_kv", 0, config.heads, config.layers)) {
    config.convolutions.push_back(groups == 0);
    if (groups == 0) continue;
    if (found && groups != config.groups) {
      throw Error("model.unsupported", keys.name("attention.head_count_kv") + " differs between layers (" +
                                           std::to_string(config.groups) + " and " + std::to_string(groups) +
                                           "); only 0, a convolution, may");
    }
    config.groups = groups;
    found = true;
  }
  config.convolution_width = keys.count("shortconv.l_cache", 1, 64);
}

}  // namespace

std::string_view activation_name(ops::ActivationKind kind) noexcept {
  switch (kind) {
    case ops::ActivationKind::silu: return "silu";
    case ops::ActivationKind::relu2: return "relu2";
    case ops::ActivationKind::gelu_tanh: return "gelu_tanh";
  }
  return "";
}

std::string_view activation_source_name(ActivationSource source) noexcept {
  switch (source) {
    case ActivationSource::metadata: return "metadata";
    case ActivationSource::architecture: return "architecture";
    case ActivationSource::guess: return "guess";
    case ActivationSource::chosen: return "chosen";
  }
  return "";
}

bool is_supported_architecture(std::string_view name) noexcept { return find_architecture(name) != nullptr; }

int64_t ModelConfig::inputs(Projection projection) const noexcept {
  switch (projection) {
    case Projection::output: return query_width();
    case Projection::down: return feed_forward;
    default: return dim;
  }
}

int64_t ModelConfig::outputs(Projection projection) const noexcept {
  switch (projection) {
    case Projection::qkv: return query_width() + 2 * key_width();
    case Projection::conv_in: return 3 * dim;
    case Projection::q: return query_width();
    case Projection::k:
    case Projection::v: return key_width();
    case Projection::gate_up: return 2 * feed_forward;
    case Projection::gate:
    case Projection::up: return feed_forward;
    case Projection::output:
    case Projection::conv_out:
    case Projection::down: break;
  }
  return dim;
}

bool ModelConfig::stores(int64_t layer, Projection projection) const noexcept {
  switch (projection) {
    case Projection::conv_in:
    case Projection::conv_out: return is_convolution(layer);
    case Projection::output: return !is_convolution(layer);
    case Projection::qkv: return fused;
    case Projection::q:
    case Projection::k:
    case Projection::v: return !fused && !is_convolution(layer);
    case Projection::gate_up: return fused;
    case Projection::gate:
    case Projection::up: return !fused;
    case Projection::down: break;
  }
  return true;
}

ModelConfig read_config(const GgufFile& file, std::optional<ops::ActivationKind> activation) {
  constexpr int64_t kMaxWidth = 1 << 20;
  const Metadata& metadata = file.metadata();
  ModelConfig config;
  config.architecture = metadata.require_string("general.architecture");
  const Architecture* architecture = find_architecture(config.architecture);
  if (!architecture) refuse_architecture(config.architecture);

  const ArchitectureKeys keys(metadata, config.architecture);
  refuse_experts(keys);
  keys.refuse_unknown(*architecture);
  config.layers = keys.count("block_count", 1, 512);
  config.dim = keys.count("embedding_length", 1, kMaxWidth);
  config.feed_forward = keys.count("feed_forward_length", 1, kMaxWidth, config.layers);
  config.heads = keys.count("attention.head_count", 1, 4096, config.layers);
  read_key_heads(config, keys, *architecture);
  if (config.heads % config.groups != 0) {
    throw Error("model.metadata", std::to_string(config.heads) + " query heads cannot share " +
                                      std::to_string(config.groups) + " key heads evenly");
  }
  if (!keys.contains("attention.key_length") && config.dim % config.heads != 0) {
    throw Error("model.metadata", keys.name("embedding_length") + " " + std::to_string(config.dim) +
                                      " is not a multiple of " + std::to_string(config.heads) + " heads");
  }
  config.head_dim = keys.count("attention.key_length", 2, 4096, 0, config.dim / config.heads);
  const int64_t value_length = keys.count("attention.value_length", 1, 4096, 0, config.head_dim);
  if (value_length != config.head_dim || config.head_dim % 2 != 0) {
    throw Error("model.unsupported", "heads with keys of " + std::to_string(config.head_dim) + " and values of " +
                                         std::to_string(value_length) + " numbers");
  }
  if ((architecture->sub_norms || architecture->short_convolutions) && config.query_width() != config.dim) {
    throw Error("model.metadata", "architecture " + config.architecture + " needs heads x head length (" +
                                      std::to_string(config.query_width()) + ") equal to the embedding length (" +
                                      std::to_string(config.dim) + ")");
  }
  // The one model of its kind with another scale has 62 blocks (gemma3 27B).
  const bool scale_by_width = architecture->local_layers > 0 && config.layers == 62;
  const int64_t scaled_length = scale_by_width ? config.dim / config.heads : config.head_dim;
  config.attention_scale = static_cast<float>(1 / std::sqrt(static_cast<double>(scaled_length)));
  config.context = keys.count("context_length", 1, INT32_MAX);
  if (!keys.contains("attention.layer_norm_rms_epsilon")) {
    throw Error("model.metadata", metadata.source() + " lacks " + keys.name("attention.layer_norm_rms_epsilon"));
  }
  config.epsilon = static_cast<float>(keys.real("attention.layer_norm_rms_epsilon", 0, 1e-30));
  config.rope = read_rope(keys, *architecture, config.head_dim, config.context);
  config.local_layers = architecture->local_layers;
  if (config.local_layers > 0) config.window = keys.count("attention.sliding_window", 1, INT32_MAX);

  const auto& embedding = file.require("token_embd.weight");
  config.vocabulary = embedding.rows();
  const auto* tokens = metadata.find_strings("tokenizer.ggml.tokens");
  const int64_t stated = tokens ? static_cast<int64_t>(tokens->size())
                                : keys.count("vocab_size", 1, INT32_MAX, 0, config.vocabulary);
  if (stated != config.vocabulary) {
    throw Error("model.metadata", "the vocabulary has " + std::to_string(stated) + " tokens but token_embd.weight " +
                                      std::to_string(config.vocabulary) + " rows");
  }

  config.sub_norms = architecture->sub_norms;
  config.head_norms = architecture->head_norms;
  config.post_norms = architecture->post_norms;
  config.qkv_bias = architecture->qkv_bias;
  config.optional_biases = architecture->optional_biases;
  config.projection_scales = architecture->projection_scales;
  config.rope_factors = architecture->rope_factors;
  config.long_rope_factors = architecture->long_rope_factors;
  config.fused = architecture->fused_projections;
  config.final_norm = architecture->final_norm;
  if (architecture->scaled_embedding) config.embedding_scale = std::sqrt(static_cast<float>(config.dim));
  config.permuted_qk = architecture->permuted_qk;
  config.tied_head = architecture->always_tied || !file.find("output.weight");
  choose_activation(config, keys, *architecture, metadata, activation);
  return config;
}

}  // namespace hone
