#pragma once

#include "model/projection.h"
#include "ops/gated_activation.h"
#include "ops/rope.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

class GgufFile;

/// Where the activation of the feed-forward part came from. A guess must be shown to the person.
enum class ActivationSource { metadata, architecture, guess, chosen };

std::string_view activation_name(ops::ActivationKind kind) noexcept;  ///< "silu", "relu2", "gelu_tanh"
std::string_view activation_source_name(ActivationSource source) noexcept;

/// LongRoPE is `none` with factors for its frequencies.
enum class RopeScaling { none, linear, yarn };

/// Rotary embedding of a model; tables are made from it by `make_rope_tables` (model/rope_tables.h).
struct RopeConfig {
  int64_t dimensions = 0;  ///< rotated elements of each head (n_rot), even
  ops::RopePairing pairing = ops::RopePairing::norm;
  double base = 10000;
  RopeScaling scaling = RopeScaling::none;
  double factor = 1;  ///< positions are divided by it
  int64_t original_context = 0;
  double extrapolation_factor = 1, attention_factor = 1, beta_fast = 32, beta_slow = 1;  ///< YaRN
  int64_t skip_every = 0;  ///< layers with (i + 1) % skip_every == 0 are not rotated (smollm3); 0: all are
};

/// What a block of this model is made of: one decoder block with switches serves every architecture.
struct ModelConfig {
  std::string architecture;  ///< general.architecture as in the file
  int64_t dim = 0;           ///< D
  int64_t feed_forward = 0;  ///< F
  int64_t layers = 0;        ///< L
  int64_t heads = 0;         ///< H
  int64_t groups = 0;        ///< G, key/value heads
  int64_t head_dim = 0;      ///< d
  int64_t vocabulary = 0;    ///< V
  int64_t context = 0;       ///< context length the model was made for
  float epsilon = 1e-5f;
  float embedding_scale = 1;
  float attention_scale = 1;           ///< of q·k
  RopeConfig rope;
  int64_t window = 0;                  ///< keys that a query of a local layer sees, itself included; 0: no such layers
  int64_t local_layers = 0;            ///< that many local layers come before each global one (gemma3)
  int64_t convolution_width = 0;       ///< K of the short convolutions; 0: there are none
  std::vector<bool> convolutions;      ///< [L] true where a short convolution replaces attention (lfm2); or empty
  ops::ActivationKind activation = ops::ActivationKind::silu;
  ActivationSource activation_source = ActivationSource::architecture;
  std::string activation_reason;  ///< one sentence for the person
  bool sub_norms = false;         ///< attn_sub_norm and ffn_sub_norm (bitnet)
  bool head_norms = false;        ///< attn_q_norm and attn_k_norm over each head (qwen3)
  bool post_norms = false;        ///< norms after the output and the down projection (gemma3)
  bool qkv_bias = false;          ///< biases on q, k, v are required (qwen2)
  bool optional_biases = false;   ///< biases on q, k, v, output are used when present (llama)
  bool projection_scales = false; ///< `.scale` tensors are used when present (bitnet)
  bool rope_factors = false;      ///< rope_freqs.weight is used when present (llama)
  bool long_rope_factors = false; ///< rope_factors_long and _short are used when present (phi3)
  bool fused = false;             ///< q, k, v are one matrix, gate and up another (phi3)
  bool tied_head = false;         ///< token_embd is the output matrix
  bool permuted_qk = false;       ///< rows of q and k differ from the Hugging Face order (adapters in PEFT format)
  std::string final_norm;         ///< name of the tensor of the last norm

  int64_t query_width() const noexcept { return heads * head_dim; }
  int64_t key_width() const noexcept { return groups * head_dim; }
  int64_t inputs(Projection projection) const noexcept;
  int64_t outputs(Projection projection) const noexcept;
  bool is_convolution(int64_t layer) const noexcept {
    return !convolutions.empty() && convolutions[static_cast<size_t>(layer)];
  }
  /// Whether a layer sees `window` keys only and has rotations of its own (model/rope_tables.h).
  bool is_local(int64_t layer) const noexcept {
    return local_layers > 0 && layer % (local_layers + 1) < local_layers;
  }
  /// Whether the file has this matrix for a layer. Adapters change the matrices that are stored.
  bool stores(int64_t layer, Projection projection) const noexcept;
  bool rotates(int64_t layer) const noexcept { return rope.skip_every == 0 || (layer + 1) % rope.skip_every != 0; }
};

/// Reads and checks the metadata. Errors: "model.unsupported" (architecture, experts, rope scaling),
/// "model.metadata" (missing or impossible value, with the key, the value found and the limit).
/// `activation` overrides the rule of the architecture.
ModelConfig read_config(const GgufFile& file, std::optional<ops::ActivationKind> activation = std::nullopt);

/// True for names `read_config` knows; the names are listed in the error otherwise.
bool is_supported_architecture(std::string_view name) noexcept;

}  // namespace hone
