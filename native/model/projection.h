#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hone {

/// The matrices of a block that a LoRA adapter can change, in the order of the forward pass, which is also the order
/// in which adapters are written. No block has all of them: `qkv` and `gate_up` stand for q, k, v and for gate, up in
/// models that store those as one matrix, the two of a short convolution for q, k, v and output.
enum class Projection : size_t { qkv, conv_in, q, k, v, output, conv_out, gate_up, gate, up, down };
inline constexpr size_t kProjections = 11;

inline constexpr std::array<Projection, kProjections> kAllProjections = {
    Projection::qkv,      Projection::conv_in, Projection::q,    Projection::k,  Projection::v,   Projection::output,
    Projection::conv_out, Projection::gate_up, Projection::gate, Projection::up, Projection::down};

/// What a person chooses from; each stands for the matrix of a block that does its work, see `lora_shapes`.
inline constexpr std::array<Projection, 7> kPlainProjections = {
    Projection::q,    Projection::k,  Projection::v,   Projection::output,
    Projection::gate, Projection::up, Projection::down};

/// The name in GGUF tensor names: "attn_q" … "ffn_down". A fused gate and up has the name of up.
constexpr std::string_view projection_name(Projection projection) noexcept {
  constexpr std::array<std::string_view, kProjections> names = {
      "attn_qkv",           "shortconv.in_proj", "attn_q",   "attn_k", "attn_v",  "attn_output",
      "shortconv.out_proj", "ffn_up",            "ffn_gate", "ffn_up", "ffn_down"};
  return names[static_cast<size_t>(projection)];
}

/// The projections that a fused matrix holds, in the order of its rows; the projection itself otherwise.
constexpr std::span<const Projection> projection_parts(Projection projection) noexcept {
  constexpr size_t q = static_cast<size_t>(Projection::q), gate = static_cast<size_t>(Projection::gate);
  const std::span all(kAllProjections);
  if (projection == Projection::qkv) return all.subspan(q, 3);
  if (projection == Projection::gate_up) return all.subspan(gate, 2);
  return all.subspan(static_cast<size_t>(projection), 1);
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
