#pragma once

#include "ops/gated_activation.h"
#include "ops/rope.h"

#include <span>
#include <string_view>

namespace hone {

/// What one general.architecture means in switches of the common block; what is not mentioned is as in llama's plain
/// form. Adding an architecture whose block is made of known parts is adding an entry to the table in architecture.cpp.
struct Architecture {
  std::string_view name;
  ops::RopePairing pairing = ops::RopePairing::neox;
  ops::ActivationKind activation = ops::ActivationKind::silu;
  bool sub_norms = false;          ///< attn_sub_norm, ffn_sub_norm
  bool head_norms = false;         ///< attn_q_norm, attn_k_norm
  bool post_norms = false;         ///< post_attention_norm, post_ffw_norm
  bool qkv_bias = false;           ///< required
  bool optional_biases = false;    ///< q, k, v, output
  bool projection_scales = false;  ///< optional `.scale` tensors
  bool rope_factors = false;       ///< optional rope_freqs.weight
  bool long_rope_factors = false;  ///< optional rope_factors_long.weight and rope_factors_short.weight
  bool always_tied = false;        ///< output.weight is not used even when present
  bool permuted_qk = false;        ///< converter reorders rows of q and k (norm pairing of a neox checkpoint)
  bool ternary_guess = false;      ///< the activation depends on the model, see `read_config`
  bool scaled_embedding = false;   ///< the embedding is multiplied by sqrt(D)
  bool fused_projections = false;  ///< attn_qkv, and gate and up in ffn_up
  bool short_convolutions = false; ///< layers without key/value heads are short convolutions
  int rope_skip_every = 0;         ///< 0, or every n-th layer is not rotated
  int local_layers = 0;            ///< 0, or that many layers with a window before each one without
  std::string_view final_norm = "output_norm.weight";
};

std::span<const Architecture> architectures() noexcept;

/// nullptr for an unknown name.
const Architecture* find_architecture(std::string_view name) noexcept;

}  // namespace hone
