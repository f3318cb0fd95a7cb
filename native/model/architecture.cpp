#include "model/architecture.h"

#include <array>

namespace hone {
namespace {

using ops::ActivationKind;
using ops::RopePairing;

constexpr std::array kArchitectures = {
    Architecture{.name = "llama",
                 .pairing = RopePairing::norm,
                 .activation = ActivationKind::silu,
                 .sub_norms = false,
                 .head_norms = false,
                 .qkv_bias = false,
                 .optional_biases = true,
                 .projection_scales = false,
                 .rope_factors = true,
                 .always_tied = false,
                 .permuted_qk = true,
                 .ternary_guess = false,
                 .rope_skip_every = 0},
    Architecture{.name = "bitnet",
                 .pairing = RopePairing::neox,
                 .activation = ActivationKind::silu,
                 .sub_norms = true,
                 .head_norms = false,
                 .qkv_bias = false,
                 .optional_biases = false,
                 .projection_scales = true,
                 .rope_factors = false,
                 .always_tied = true,
                 .permuted_qk = false,
                 .ternary_guess = true,
                 .rope_skip_every = 0},
    Architecture{.name = "bitnet-b1.58",
                 .pairing = RopePairing::neox,
                 .activation = ActivationKind::relu2,
                 .sub_norms = true,
                 .head_norms = false,
                 .qkv_bias = false,
                 .optional_biases = false,
                 .projection_scales = true,
                 .rope_factors = false,
                 .always_tied = true,
                 .permuted_qk = false,
                 .ternary_guess = false,
                 .rope_skip_every = 0},
    Architecture{.name = "bitnet-25",
                 .pairing = RopePairing::neox,
                 .activation = ActivationKind::relu2,
                 .sub_norms = true,
                 .head_norms = false,
                 .qkv_bias = false,
                 .optional_biases = false,
                 .projection_scales = true,
                 .rope_factors = false,
                 .always_tied = true,
                 .permuted_qk = false,
                 .ternary_guess = false,
                 .rope_skip_every = 0},
    Architecture{.name = "qwen2",
                 .pairing = RopePairing::neox,
                 .activation = ActivationKind::silu,
                 .sub_norms = false,
                 .head_norms = false,
                 .qkv_bias = true,
                 .optional_biases = false,
                 .projection_scales = false,
                 .rope_factors = false,
                 .always_tied = false,
                 .permuted_qk = false,
                 .ternary_guess = false,
                 .rope_skip_every = 0},
    Architecture{.name = "qwen3",
                 .pairing = RopePairing::neox,
                 .activation = ActivationKind::silu,
                 .sub_norms = false,
                 .head_norms = true,
                 .qkv_bias = false,
                 .optional_biases = false,
                 .projection_scales = false,
                 .rope_factors = false,
                 .always_tied = false,
                 .permuted_qk = false,
                 .ternary_guess = false,
                 .rope_skip_every = 0},
    Architecture{.name = "smollm3",
                 .pairing = RopePairing::norm,
                 .activation = ActivationKind::silu,
                 .sub_norms = false,
                 .head_norms = false,
                 .qkv_bias = false,
                 .optional_biases = false,
                 .projection_scales = false,
                 .rope_factors = false,
                 .always_tied = false,
                 .permuted_qk = true,
                 .ternary_guess = false,
                 .rope_skip_every = 4},
};

}  // namespace

std::span<const Architecture> architectures() noexcept { return kArchitectures; }

const Architecture* find_architecture(std::string_view name) noexcept {
  for (const auto& architecture : kArchitectures) {
    if (architecture.name == name) return &architecture;
  }
  return nullptr;
}

}  // namespace hone
