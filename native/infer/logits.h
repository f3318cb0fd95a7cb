#pragma once

#include "infer/resident_model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hone {

/// Logits of every token of a sequence, [tokens, V] row-major. Errors: "generate.prompt", "generate.context",
/// "generate.token".
std::vector<float> all_logits(const ResidentModel& base, std::span<const int32_t> tokens,
                              std::span<const ActiveAdapter> adapters,
                              ActivationMode activations = ActivationMode::automatic);

}  // namespace hone
