#pragma once

#include "ops/gated_activation.h"
#include "ops/rope.h"

#include <span>
#include <string_view>

namespace hone {

/// What one general.architecture means in switches of the common block. Adding an architecture whose block is made
/// of known parts is adding a line to the table in architecture.cpp.
struct Architecture {
  std::string_view name;
  ops::RopePairing pairing;
  ops::ActivationKind activation;
  bool sub_norms;          ///< attn_sub_norm, ffn_sub_norm
  bool head_norms;         ///< attn_q_norm, attn_k_norm
  bool qkv_bias;           ///< required
  bool optional_biases;    ///< q, k, v, output
  bool projection_scales;  ///< optional `.scale` tensors
  bool rope_factors;       ///< optional rope_freqs.weight
  bool always_tied;        ///< output.weight is not used even when present
  bool permuted_qk;        ///< converter reorders rows of q and k (norm pairing of a neox checkpoint)
  bool ternary_guess;      ///< the activation depends on the model, see `read_config`
  int rope_skip_every;     ///< 0, or every n-th layer is not rotated
};

std::span<const Architecture> architectures() noexcept;

/// nullptr for an unknown name.
const Architecture* find_architecture(std::string_view name) noexcept;

}  // namespace hone
