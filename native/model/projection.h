#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace hone {

/// The matrix products of a block that a LoRA adapter can change, in the order in which adapters are written.
enum class Projection : size_t { q, k, v, output, gate, up, down };
inline constexpr size_t kProjections = 7;

inline constexpr std::array<Projection, kProjections> kAllProjections = {
    Projection::q,    Projection::k,  Projection::v,   Projection::output,
    Projection::gate, Projection::up, Projection::down};

/// The name in GGUF tensor names: "attn_q" … "ffn_down".
constexpr std::string_view projection_name(Projection projection) noexcept {
  constexpr std::array<std::string_view, kProjections> names = {"attn_q",   "attn_k", "attn_v",  "attn_output",
                                                                "ffn_gate", "ffn_up", "ffn_down"};
  return names[static_cast<size_t>(projection)];
}

/// "blk.3." followed by `rest`.
inline std::string layer_tensor(long long layer, std::string_view rest) {
  return "blk." + std::to_string(layer) + "." + std::string(rest);
}

/// "blk.3.attn_q.weight".
inline std::string projection_tensor(long long layer, Projection projection) {
  return layer_tensor(layer, std::string(projection_name(projection)) + ".weight");
}

}  // namespace hone
