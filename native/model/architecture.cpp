#include "model/architecture.h"

#include <array>

namespace hone {
namespace {

using ops::ActivationKind;
using ops::RopePairing;

constexpr std::array kArchitectures = {
    Architecture{.name = "llama",
                 .pairing = RopePairing::norm,
                 .optional_biases = true,
                 .rope_factors = true,
                 .permuted_qk = true},
    Architecture{.name = "bitnet",
                 .sub_norms = true,
                 .projection_scales = true,
                 .always_tied = true,
                 .ternary_guess = true},
    Architecture{.name = "bitnet-b1.58",
                 .activation = ActivationKind::relu2,
                 .sub_norms = true,
                 .projection_scales = true,
                 .always_tied = true},
    Architecture{.name = "bitnet-25",
                 .activation = ActivationKind::relu2,
                 .sub_norms = true,
                 .projection_scales = true,
                 .always_tied = true},
    Architecture{.name = "qwen2", .qkv_bias = true},
    Architecture{.name = "qwen3", .head_norms = true},
    Architecture{.name = "gemma3",
                 .activation = ActivationKind::gelu_tanh,
                 .head_norms = true,
                 .post_norms = true,
                 .scaled_embedding = true,
                 .local_layers = 5},
    Architecture{.name = "smollm3", .pairing = RopePairing::norm, .permuted_qk = true, .rope_skip_every = 4},
    Architecture{.name = "phi3", .long_rope_factors = true, .fused_projections = true},
    Architecture{.name = "lfm2",
                 .head_norms = true,
                 .short_convolutions = true,
                 .final_norm = "token_embd_norm.weight"},
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
