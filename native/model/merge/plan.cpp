#include "model/merge/plan.h"

#include "core/error.h"
#include "gguf/reader.h"
#include "gguf/writer.h"
#include "model/architecture.h"

#include <algorithm>
#include <map>
#include <span>

namespace hone {
namespace {

double bits(DType dtype) {
  const DTypeTraits& facts = traits(dtype);
  return 8.0 * static_cast<double>(facts.block_bytes) / static_cast<double>(facts.block_length);
}

std::map<std::string, std::vector<MergePair>> pairs_by_tensor(std::span<const ActiveAdapter> adapters) {
  std::map<std::string, std::vector<MergePair>> all;
  for (const auto& [adapter, strength] : adapters) {
    for (const LoraPair& pair : adapter->pairs()) {
      const float scale = adapter->scale(pair, strength);
      if (scale != 0) all[pair.tensor_name()].push_back({&pair, scale});
    }
  }
  return all;
}

/// Whether an unchanged matrix is better left alone than coded anew.
bool keeps_bytes(const TensorInfo& info, DType wanted, const MergeTarget& target) {
  if (info.dtype == wanted) return true;
  if (is_ternary(info.dtype) && !target.ternary) return false;
  return bits(info.dtype) < bits(wanted);
}

bool is_embedding_or_head(const TensorInfo& info) {
  return info.name == "token_embd.weight" || info.name == "output.weight";
}

MergedTensor plan_tensor(const TensorInfo& info, std::vector<MergePair> pairs, const MergeOptions& options,
                         const MergeLayout& layout) {
  MergedTensor planned{.source = info, .target = info, .pairs = std::move(pairs)};
  const bool fixed =
      !is_merge_matrix(info) || (options.embedding == EmbeddingChoice::keep && is_embedding_or_head(info));
  const DType wanted = is_merge_matrix(info) ? merged_dtype(*options.target, info, layout) : info.dtype;
  const bool unchanged = planned.pairs.empty() && !(options.assume_changed && !is_embedding_or_head(info));
  planned.copied = unchanged ? fixed || keeps_bytes(info, wanted, *options.target) : !is_merge_matrix(info);
  if (planned.copied) return planned;
  const auto axes = static_cast<size_t>(std::max(1, info.dimensions));
  planned.target = make_tensor_info(info.name, wanted, std::span(info.ne).first(axes));
  return planned;
}

/// "12 matrices (ffn_down.weight, …) are Q5_0: their rows of 384 weights are no whole blocks of Q4_K".
std::vector<std::string> fallback_notes(const std::vector<MergedTensor>& tensors, const MergeTarget& target,
                                        const MergeLayout& layout) {
  std::map<std::string, std::pair<int, std::string>> groups;  // words -> how many, an example
  for (const MergedTensor& tensor : tensors) {
    if (tensor.copied) continue;
    const DType wished = wished_dtype(target, tensor.source, layout);
    if (wished == tensor.target.dtype) continue;
    auto& [count, example] = groups["stored as " + std::string(traits(tensor.target.dtype).name) +
                                    ": rows of " + std::to_string(tensor.source.columns()) +
                                    " weights are no whole blocks of " + std::string(traits(wished).name)];
    if (count++ == 0) example = tensor.source.name;
  }
  std::vector<std::string> notes;
  for (const auto& [words, group] : groups) {
    const auto& [count, example] = group;
    const std::string who =
        count == 1 ? example + " is " : std::to_string(count) + " matrices (such as " + example + ") are ";
    notes.push_back(who + words);
  }
  return notes;
}

bool is_protected(const std::string& key) {
  return key.empty() || key == "general.architecture" || key == "general.type" || key == "general.alignment" ||
         key == "general.base_model.count" ||
         key.starts_with("split.") || key.starts_with("tokenizer.");
}

/// Keys that were true of the base's file and are not of the merged one.
bool is_outdated(std::string_view key) {
  return key.starts_with("split.") || key.starts_with("quantize.") || key.starts_with("general.base_model.") ||
         key == "general.file_type" || key == "general.quantization_version";
}

Metadata merged_metadata(const Model& base, const MergeTarget& target,
                         const std::vector<std::pair<std::string, std::string>>& added) {
  const Metadata& source = base.file().metadata();
  Metadata merged(source.source());
  for (const auto& [key, value] : source.entries()) {
    if (!is_outdated(key)) merged.set(key, value);
  }
  merged.set("general.file_type", target.file_type);
  merged.set("general.quantization_version", uint32_t{2});
  for (const auto& [key, value] : added) {
    if (is_protected(key)) {
      throw Error("adapter.metadata", "the key \"" + key + "\" decides what the model is and cannot be set");
    }
    if (key.starts_with("general.base_model.0.")) merged.set("general.base_model.count", uint32_t{1});
    merged.set(key, value);
  }
  // No other key tells engines which of its two activations a model of this kind was trained with.
  const ModelConfig& config = base.config();
  if (find_architecture(config.architecture)->sub_norms || config.activation_source == ActivationSource::chosen) {
    merged.set(config.architecture + ".hidden_activation", std::string(activation_name(config.activation)));
  }
  return merged;
}

}  // namespace

MergePlan plan_merge(const Model& base, std::span<const ActiveAdapter> adapters, const MergeOptions& options) {
  ensure(options.target, "a merge has no target");
  const MergeTarget& target = *options.target;
  const MergeLayout layout{base.config().layers, base.config().tied_head};
  auto pairs = pairs_by_tensor(adapters);
  MergePlan plan;
  plan.target = &target;
  plan.metadata = merged_metadata(base, target, options.metadata);
  std::vector<TensorInfo> targets;
  for (const TensorInfo& info : base.file().tensors()) {
    auto own = pairs.extract(info.name);
    auto changes = own ? std::move(own.mapped()) : std::vector<MergePair>();
    plan.tensors.push_back(plan_tensor(info, std::move(changes), options, layout));
    targets.push_back(plan.tensors.back().target);
  }
  ensure(pairs.empty(), "an adapter changes a matrix that its model does not have");
  plan.file_bytes = gguf_file_bytes(plan.metadata, targets);
  plan.notes = fallback_notes(plan.tensors, target, layout);
  return plan;
}

}  // namespace hone
