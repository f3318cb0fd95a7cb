#pragma once

#include "gguf/metadata.h"
#include "gguf/tensor_info.h"
#include "model/lora.h"
#include "model/merge/target.h"
#include "model/model.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hone {

/// The change that one adapter makes to one matrix, with its factor settled.
struct MergePair {
  const LoraPair* pair = nullptr;
  float scale = 0;
};

/// What happens to one tensor of the base.
struct MergedTensor {
  TensorInfo source;
  TensorInfo target;             ///< offset not settled
  std::vector<MergePair> pairs;  ///< empty: no adapter changes it
  bool copied = false;           ///< its bytes stay as they are
};

/// Everything that is known of a merged file before its first byte. The base and the adapters must outlive it.
struct MergePlan {
  const MergeTarget* target = nullptr;
  Metadata metadata;
  std::vector<MergedTensor> tensors;  ///< in the order of the base
  uint64_t file_bytes = 0;
  std::vector<std::string> notes;  ///< in words: what is stored otherwise than asked for
};

/// What becomes of an embedding and a head that no adapter changes. Coded anew they cost a little accuracy and save
/// much space where the base has them as F16.
enum class EmbeddingChoice { keep, shrink };

struct MergeOptions {
  const MergeTarget* target = nullptr;
  EmbeddingChoice embedding = EmbeddingChoice::keep;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< string keys, added or replaced
  /// Plans as if an adapter changed every matrix of the blocks: what a merge will come to before there is an adapter.
  bool assume_changed = false;
};

/// Plans base + adapters as one file. A matrix takes the type that `target` has for it, except that
/// - rows that are not whole blocks take a fallback (model/merge/target.h),
/// - embedding and head keep their bytes unless they shall shrink,
/// - a matrix that no adapter changes keeps its bytes where it is smaller already: coding it anew could only lose.
///   Ternary ones do not: who asks for Q8_0 wants a file for engines that run Q8_0.
///
/// Metadata is that of the base with `options.metadata`, without keys that no longer hold (split.*, traces of an
/// earlier quantisation), with general.file_type, and for models of the bitnet kind with the activation in use
/// (`A.hidden_activation`).
///
/// Errors: "adapter.metadata" for a string key that decides what the file is.
MergePlan plan_merge(const Model& base, std::span<const ActiveAdapter> adapters, const MergeOptions& options);

}  // namespace hone
