#pragma once

#include "core/dtype.h"
#include "gguf/tensor_info.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace hone {

/// What a merged model can be written as: the type of most matrices, and for the mixes the better type of those that
/// suffer most. Vectors, norms and convolutions stay as they are under every target.
struct MergeTarget {
  std::string_view name;  ///< "q4_k_m"
  DType dtype;            ///< of most matrices
  DType sensitive;        ///< of attn_v and ffn_down where the mix wants better; `dtype` where it is no mix
  DType fused;            ///< of attn_qkv
  uint32_t file_type;     ///< general.file_type
  /// Only to measure what it would destroy: weights are rounded to -1, 0, +1.
  bool ternary = false;
};

std::span<const MergeTarget> merge_targets() noexcept;

/// Error "merge.type" with the names there are.
const MergeTarget& find_merge_target(std::string_view name);

/// Facts of a model that decide where a mix uses its better type.
struct MergeLayout {
  int64_t layers = 0;
  bool tied_head = false;
};

/// True for what is stored in the type of a target: a matrix of a block, the embedding, the head. False for vectors,
/// norms and convolutions.
bool is_merge_matrix(const TensorInfo& info) noexcept;

/// The type of a matrix under `target`, where rows of `info` are whole blocks of it; else the next one of the fallbacks
/// Q2_K, Q3_K, TQ -> Q4_0; Q4_K -> Q5_0; Q5_K -> Q5_1; Q6_K -> Q8_0; and F16 where those do not fit either.
DType merged_dtype(const MergeTarget& target, const TensorInfo& info, const MergeLayout& layout);

/// The same before any fallback.
DType wished_dtype(const MergeTarget& target, const TensorInfo& info, const MergeLayout& layout);

}  // namespace hone
