#include "model/merge/target.h"

#include "core/error.h"

#include <array>
#include <charconv>
#include <string>

namespace hone {
namespace {

constexpr MergeTarget plain(std::string_view name, DType dtype, uint32_t file_type) {
  return {name, dtype, dtype, dtype, file_type};
}

constexpr std::array kTargets = {
    plain("f32", DType::F32, 0),
    plain("f16", DType::F16, 1),
    plain("bf16", DType::BF16, 32),
    plain("q8_0", DType::Q8_0, 7),
    plain("q6_k", DType::Q6_K, 18),
    MergeTarget{"q5_k_m", DType::Q5_K, DType::Q6_K, DType::Q6_K, 17},
    plain("q5_k_s", DType::Q5_K, 16),
    plain("q5_1", DType::Q5_1, 9),
    plain("q5_0", DType::Q5_0, 8),
    MergeTarget{"q4_k_m", DType::Q4_K, DType::Q6_K, DType::Q5_K, 15},
    MergeTarget{"q4_k_s", DType::Q4_K, DType::Q5_K, DType::Q4_K, 14},
    plain("q4_1", DType::Q4_1, 3),
    plain("q4_0", DType::Q4_0, 2),
    plain("q3_k_s", DType::Q3_K, 11),
    plain("q2_k", DType::Q2_K, 10),
    MergeTarget{"tq2_0", DType::TQ2_0, DType::TQ2_0, DType::TQ2_0, 37, true},
    MergeTarget{"tq1_0", DType::TQ1_0, DType::TQ1_0, DType::TQ1_0, 36, true},
};

/// "blk.3.attn_v.weight" -> 3; -1 where the name is of another form.
int64_t layer_of(std::string_view name) {
  if (!name.starts_with("blk.")) return -1;
  int64_t layer = -1;
  std::from_chars(name.data() + 4, name.data() + name.size(), layer);
  return layer;
}

/// The first and last eighth of the layers, and every third in between.
bool in_better_layers(int64_t layer, int64_t layers) {
  const int64_t eighth = layers / 8;
  return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
}

bool is_sensitive(const MergeTarget& target, std::string_view name, const MergeLayout& layout) {
  const bool value = name.ends_with(".attn_v.weight"), down = name.ends_with(".ffn_down.weight");
  if (!value && !down) return false;
  const int64_t layer = layer_of(name);
  if (target.sensitive == DType::Q6_K) return in_better_layers(layer, layout.layers);
  return value ? layer < 4 : layer < layout.layers / 8;  // the small mixes
}

bool is_head(std::string_view name, const MergeLayout& layout) {
  return name == "output.weight" || (layout.tied_head && name == "token_embd.weight");
}

bool fits(DType dtype, const TensorInfo& info) { return info.columns() % traits(dtype).block_length == 0; }

DType fallback(DType dtype) {
  switch (dtype) {
    case DType::Q2_K:
    case DType::Q3_K:
    case DType::TQ1_0:
    case DType::TQ2_0: return DType::Q4_0;
    case DType::Q4_K: return DType::Q5_0;
    case DType::Q5_K: return DType::Q5_1;
    case DType::Q6_K: return DType::Q8_0;
    default: return DType::F16;
  }
}

}  // namespace

std::span<const MergeTarget> merge_targets() noexcept { return kTargets; }

const MergeTarget& find_merge_target(std::string_view name) {
  std::string known;
  for (const MergeTarget& target : kTargets) {
    if (target.name == name) return target;
    known += (known.empty() ? "" : ", ") + std::string(target.name);
  }
  throw Error("merge.type", "a model cannot be written as \"" + std::string(name) + "\"", "Known are " + known + ".");
}

bool is_merge_matrix(const TensorInfo& info) noexcept {
  const std::string_view name = info.name;
  return info.dimensions >= 2 && name.ends_with(".weight") && !name.ends_with("_norm.weight") &&
         !name.ends_with(".shortconv.conv.weight");
}

DType wished_dtype(const MergeTarget& target, const TensorInfo& info, const MergeLayout& layout) {
  const DType dtype = target.dtype;
  const bool quantised = traits(dtype).block_length > 1;
  if (!quantised || dtype == DType::Q8_0) return dtype;
  if (is_head(info.name, layout)) return DType::Q6_K;
  if (target.ternary && info.name == "token_embd.weight") return DType::Q4_K;
  if (info.name.ends_with(".attn_qkv.weight")) return target.fused;
  return is_sensitive(target, info.name, layout) ? target.sensitive : dtype;
}

DType merged_dtype(const MergeTarget& target, const TensorInfo& info, const MergeLayout& layout) {
  DType dtype = wished_dtype(target, info, layout);
  while (!fits(dtype, info)) dtype = fallback(dtype);
  return dtype;
}

}  // namespace hone
