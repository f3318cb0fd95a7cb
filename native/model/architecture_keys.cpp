#include "model/architecture_keys.h"

#include "core/error.h"
#include "model/architecture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <variant>

namespace hone {
namespace {

/// Keys that `read_config` reads, and some that say nothing about the mathematics.
constexpr std::array<std::string_view, 27> kKnown = {
    "context_length",
    "embedding_length",
    "block_count",
    "feed_forward_length",
    "vocab_size",
    "expert_count",
    "expert_used_count",
    "hidden_activation",
    "tensor_data_layout",
    "attention.head_count",
    "attention.head_count_kv",
    "attention.key_length",
    "attention.value_length",
    "attention.layer_norm_rms_epsilon",
    "attention.layer_norm_epsilon",
    "rope.dimension_count",
    "rope.freq_base",
    "rope.scale_linear",
    "rope.scaling.type",
    "rope.scaling.factor",
    "rope.scaling.attn_factor",
    "rope.scaling.original_context_length",
    "rope.scaling.finetuned",
    "rope.scaling.yarn_ext_factor",
    "rope.scaling.yarn_attn_factor",
    "rope.scaling.yarn_beta_fast",
    "rope.scaling.yarn_beta_slow",
};

/// Keys of single architectures. The window in files of phi3 is not used by any engine.
bool is_known(std::string_view key, const Architecture& architecture) {
  if (std::ranges::find(kKnown, key) != kKnown.end()) return true;
  if (key == "attention.sliding_window") return architecture.local_layers > 0 || architecture.name == "phi3";
  return key == "shortconv.l_cache" && architecture.short_convolutions;
}

/// A switch that is off, or a setting written out that is fixed for the architecture anyway.
bool is_neutral(std::string_view key, const MetadataValue& value, const Architecture& architecture) {
  const double number = std::visit(
      [](const auto& scalar) -> double {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(scalar)>>) return static_cast<double>(scalar);
        return std::nan("");
      },
      value);
  if (key == "attention.causal") return number == 1;
  if (architecture.local_layers > 0 && key == "attention.sliding_window_pattern") {
    return number == architecture.local_layers + 1;
  }
  if (architecture.local_layers > 0 && key == "rope.freq_base_swa") return number == 10000;
  return number == 0;
}

}  // namespace

void ArchitectureKeys::check(const std::string& name, int64_t value, int64_t low, int64_t high) const {
  if (value >= low && value <= high) return;
  throw Error("model.metadata", name + " is " + std::to_string(value) + ", possible are " + std::to_string(low) +
                                    " to " + std::to_string(high));
}

std::vector<int64_t> ArchitectureKeys::numbers(std::string_view key, int64_t layers) const {
  const std::string full = name(key);
  const MetadataValue* raw = metadata_.find(full);
  if (!raw) {
    throw Error("model.metadata", metadata_.source() + " lacks " + full,
                "The file is incomplete or was made by a converter that Hone does not know.");
  }
  if (!std::holds_alternative<MetadataArray>(*raw)) return {metadata_.require_integer(full)};
  const auto values = metadata_.find_integers(full);
  if (values->empty() || (layers != 0 && static_cast<int64_t>(values->size()) != layers)) {
    throw Error("model.metadata", full + " has " + std::to_string(values->size()) + " entries for " +
                                      std::to_string(layers) + " layers");
  }
  return {values->begin(), values->end()};
}

int64_t ArchitectureKeys::count(std::string_view key, int64_t low, int64_t high, int64_t layers) const {
  const auto values = numbers(key, layers);
  for (const int64_t other : values) {
    if (other == values.front()) continue;
    throw Error("model.unsupported", name(key) + " differs between layers (" + std::to_string(values.front()) +
                                         " and " + std::to_string(other) + "), which this architecture does not do");
  }
  check(name(key), values.front(), low, high);
  return values.front();
}

std::vector<int64_t> ArchitectureKeys::counts(std::string_view key, int64_t low, int64_t high, int64_t layers) const {
  auto values = numbers(key, layers);
  for (const int64_t value : values) check(name(key), value, low, high);
  if (values.size() == 1) values.resize(static_cast<size_t>(layers), values.front());
  return values;
}

double ArchitectureKeys::real(std::string_view key, double fallback, double low) const {
  const double value = metadata_.real(name(key), fallback);
  if (!std::isfinite(value) || value < low) {
    throw Error("model.metadata", name(key) + " is " + std::to_string(value) + ", it must be at least " +
                                      std::to_string(low));
  }
  return value;
}

void ArchitectureKeys::refuse_unknown(const Architecture& architecture) const {
  std::string names;
  for (const auto& [full, value] : metadata_.entries()) {
    if (!full.starts_with(prefix_ + ".")) continue;
    const std::string_view key = std::string_view(full).substr(prefix_.size() + 1);
    if (is_known(key, architecture) || is_neutral(key, value, architecture)) continue;
    if (!names.empty()) names += ", ";
    names += full;
  }
  if (names.empty()) return;
  throw Error("model.unsupported", "the model has settings that Hone does not know: " + names,
              "It is a variation of this architecture; passing over them would give wrong results.");
}

}  // namespace hone
