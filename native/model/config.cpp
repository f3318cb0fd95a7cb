#include "model/config.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "model/architecture.h"

#include <cmath>
#include <string>

namespace hone {
namespace {

/// Keys of one architecture ("llama.block_count") with the checks that every number needs before it is a size.
class Keys {
 public:
  Keys(const Metadata& metadata, std::string prefix) : metadata_(metadata), prefix_(std::move(prefix)) {}

  std::string name(std::string_view key) const { return prefix_ + "." + std::string(key); }

  bool contains(std::string_view key) const { return metadata_.contains(name(key)); }

  /// A count, also when it is stored once per layer with the same value everywhere.
  int64_t count(std::string_view key, int64_t low, int64_t high, int64_t layers = 0) const {
    const std::string full = name(key);
    if (!metadata_.contains(full)) {
      throw Error("model.metadata", metadata_.source() + " lacks " + full,
                  "The file is incomplete or was made by a converter that Hone does not know.");
    }
    int64_t value = 0;
    if (const auto* raw = metadata_.find(full); std::holds_alternative<MetadataArray>(*raw)) {
      const auto values = metadata_.find_integers(full);
      if (values->empty() || (layers != 0 && static_cast<int64_t>(values->size()) != layers)) {
        throw Error("model.metadata", full + " has " + std::to_string(values->size()) + " entries for " +
                                          std::to_string(layers) + " layers");
      }
      value = values->front();
      for (const int64_t other : *values) {
        if (other != value) {
          throw Error("model.unsupported", full + " differs between layers (" + std::to_string(value) + " and " +
                                               std::to_string(other) + "), which this architecture does not do");
        }
      }
    } else {
      value = metadata_.require_integer(full);
    }
    if (value < low || value > high) {
      throw Error("model.metadata", full + " is " + std::to_string(value) + ", possible are " + std::to_string(low) +
                                        " to " + std::to_string(high));
    }
    return value;
  }

  int64_t count(std::string_view key, int64_t low, int64_t high, int64_t layers, int64_t fallback) const {
    return contains(key) ? count(key, low, high, layers) : fallback;
  }

  /// A finite number above `low`.
  double real(std::string_view key, double fallback, double low) const {
    const double value = metadata_.real(name(key), fallback);
    if (!std::isfinite(value) || value < low) {
      throw Error("model.metadata", name(key) + " is " + std::to_string(value) + ", it must be at least " +
                                        std::to_string(low));
    }
    return value;
  }

  std::string string(std::string_view key, std::string_view fallback) const {
    return metadata_.string(name(key), fallback);
  }

 private:
  const Metadata& metadata_;
  std::string prefix_;
};

[[noreturn]] void refuse_architecture(const std::string& found) {
  std::string known;
  for (const auto& architecture : architectures()) {
    if (!known.empty()) known += ", ";
    known += architecture.name;
  }
  throw Error("model.unsupported", "the model's architecture is \"" + found + "\"",
              "Hone runs these architectures: " + known + ".");
}

/// Settings that other models of the family use and that would change every result if they were passed over.
void refuse_unknown_mathematics(const Keys& keys) {
  if (const int64_t experts = keys.count("expert_count", 0, 1 << 20, 0, 0); experts > 0) {
    throw Error("model.unsupported", keys.name("expert_count") + " is " + std::to_string(experts) +
                                         ": mixtures of experts cannot be run", "Choose a dense model.");
  }
  for (const auto* key : {"attention.scale", "logit_scale", "residual_scale", "embedding_scale",
                          "attn_logit_softcapping", "final_logit_softcapping", "attention.max_alibi_bias",
                          "attention.clamp_kqv"}) {
    if (const double value = keys.real(key, 0, -1e30); value != 0) {
      throw Error("model.unsupported", keys.name(key) + " is " + std::to_string(value) +
                                           ", a variation of this architecture that Hone does not know");
    }
  }
}

RopeConfig read_rope(const Keys& keys, const Architecture& architecture, int64_t head_dim, int64_t context) {
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
  } else {
    throw Error("model.unsupported", keys.name("rope.scaling.type") + " is \"" + type +
                                         "\"; known are none, linear and yarn");
  }
  rope.factor = rope.scaling == RopeScaling::none || factor == 0 ? 1 : factor;
  return rope;
}

/// The activation is not in most files, and BitNet models of the same architecture name differ in it.
void choose_activation(ModelConfig& config, const Keys& keys, const Architecture& architecture,
                       const Metadata& metadata, std::optional<ops::ActivationKind> chosen) {
  constexpr int64_t kTokensOf2B4T = 128256;
  const std::string stored = keys.string("hidden_activation", "");
  if (chosen) {
    config.activation = *chosen;
    config.activation_source = ActivationSource::chosen;
    config.activation_reason = "chosen by hand";
  } else if (!stored.empty()) {
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
    case Projection::q: return query_width();
    case Projection::k:
    case Projection::v: return key_width();
    case Projection::gate:
    case Projection::up: return feed_forward;
    default: return dim;
  }
}

ModelConfig read_config(const GgufFile& file, std::optional<ops::ActivationKind> activation) {
  constexpr int64_t kMaxWidth = 1 << 20;
  const Metadata& metadata = file.metadata();
  ModelConfig config;
  config.architecture = metadata.require_string("general.architecture");
  const Architecture* architecture = find_architecture(config.architecture);
  if (!architecture) refuse_architecture(config.architecture);

  const Keys keys(metadata, config.architecture);
  refuse_unknown_mathematics(keys);
  config.layers = keys.count("block_count", 1, 512);
  config.dim = keys.count("embedding_length", 1, kMaxWidth);
  config.feed_forward = keys.count("feed_forward_length", 1, kMaxWidth, config.layers);
  config.heads = keys.count("attention.head_count", 1, 4096, config.layers);
  config.groups = keys.count("attention.head_count_kv", 1, config.heads, config.layers, config.heads);
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
  if (architecture->sub_norms && config.query_width() != config.dim) {
    throw Error("model.metadata", "architecture " + config.architecture + " needs heads x head length (" +
                                      std::to_string(config.query_width()) + ") equal to the embedding length (" +
                                      std::to_string(config.dim) + ")");
  }
  config.context = keys.count("context_length", 1, INT32_MAX);
  if (!keys.contains("attention.layer_norm_rms_epsilon")) {
    throw Error("model.metadata", metadata.source() + " lacks " + keys.name("attention.layer_norm_rms_epsilon"));
  }
  config.epsilon = static_cast<float>(keys.real("attention.layer_norm_rms_epsilon", 0, 1e-30));
  config.rope = read_rope(keys, *architecture, config.head_dim, config.context);

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
  config.qkv_bias = architecture->qkv_bias;
  config.optional_biases = architecture->optional_biases;
  config.projection_scales = architecture->projection_scales;
  config.rope_factors = architecture->rope_factors;
  config.permuted_qk = architecture->permuted_qk;
  config.tied_head = architecture->always_tied || !file.find("output.weight");
  choose_activation(config, keys, *architecture, metadata, activation);
  return config;
}

}  // namespace hone
