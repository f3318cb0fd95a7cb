#include "model/adapter_file.h"
#include "model/merge/merge.h"
#include "support/test.h"
#include "train/every_model.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

/// The table of what works: architecture and type against logits, gradients and export. The app shows it from
/// shared/support/table.json, which is written anew by
///
///     HONE_SUPPORT_TABLE=write out/native/hone_tests support_table
using namespace hone;
using namespace hone::test;

namespace {

/// The types of a model's block matrices, without repeats.
std::string types_of(const Model& model) {
  std::set<std::string> names;
  for (const auto& layer : model.weights().layers) {
    for (const auto& projection : layer.projections) {
      if (projection.weight) names.insert(std::string(traits(projection.weight.dtype).name));
    }
  }
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += '+';
    text += name;
  }
  return text;
}

bool rounds(const Model& model) {
  const auto& down = model.weights().layers.front().at(Projection::down).weight;
  return activations_for(ActivationMode::automatic, down) == ops::Activations::rounded;
}

/// As the app shows it; kernels that round to 16 bits are an option of some instruction sets.
std::string inputs_of(const Model& model) {
  const DType dtype = model.weights().layers.front().at(Projection::down).weight.dtype;
  if (rounds(model)) return "int8/token";
  return dtype == DType::Q8_0 || dtype == DType::Q4_0 ? "int16/32" : "float32";
}

/// Logits with the adapter as trained, and as read back from the file it was written to.
bool export_is_exact(Learning& task, const std::vector<int32_t>& tokens) {
  const std::string path = temporary_folder() + "/adapter.gguf";
  write_adapter(path, *task.adapter, task.model->config().architecture, "Table", {});
  const auto loaded = read_adapter(path, task.model->config(), task.backend);
  const ActiveAdapter before{task.adapter.get(), 1}, after{loaded.adapter.get(), 1};
  return logits_of(*task.model, tokens, {&before, 1}) == logits_of(*task.model, tokens, {&after, 1});
}

/// Error of the base with the adapter merged in against base and adapter, as a normalised mean square.
double merge_error(Learning& task, const std::vector<int32_t>& tokens, const char* target) {
  const std::vector<ActiveAdapter> adapters = {{task.adapter.get(), 1}};
  const std::string path = temporary_folder() + "/merged.gguf";
  const MergeOptions options{.target = &find_merge_target(target), .metadata = {}};
  const std::atomic<bool> never = false;
  write_merge(*task.model, plan_merge(*task.model, adapters, options), path, 2, [](uint64_t, uint64_t) {}, never);
  const auto merged = Model::load(path, task.backend);
  return distance(logits_of(*merged, tokens, {}, ActivationMode::exact),
                  logits_of(*task.model, tokens, adapters, ActivationMode::exact))
      .square;
}

constexpr const char* kMerges[] = {"f16", "q8_0", "q4_k_m", "q4_0"};

struct SupportRow {
  std::string architecture, type, model, inputs;
  bool exported = false;
  double logits = 0;      ///< largest difference of a logit from float64, over their spread; nothing rounded
  double by_default = 0;  ///< normalised mean square of the same in the arithmetic of the type
  double gradient = 0;    ///< relative, of the worst tensor, against the reference backend
  double rounded = 0;     ///< the same with inputs rounded as the type has it; 0 where it rounds none
  double fallen = 0;      ///< of what the gradient promises for a small step, the share that the loss falls
  std::vector<double> merges;
};

SupportRow measure(Backend& cpu, Backend& reference, const char* name) {
  Learning found(cpu, name), expected(reference, name);
  const Model& model = *found.model;
  const auto tokens = every_model_tokens(name);
  const auto truth = every_model_truth(name);
  SupportRow row{.architecture = model.config().architecture,
                 .type = types_of(model),
                 .model = name,
                 .inputs = inputs_of(model),
                 .merges = {}};
  row.logits = distance(logits_of(model, tokens, {}, ActivationMode::exact), truth).largest / spread_of(truth);
  row.by_default = distance(logits_of(model, tokens), truth).square;
  // Against the definition of every operation; what finite differences say is in architecture_gradient_test.
  const auto gradient_error = [&](ActivationMode mode) {
    found.learn(mode);
    expected.learn(mode);
    return worst_error(cpu, *found.gradients, *expected.gradients);
  };
  row.gradient = gradient_error(ActivationMode::exact);
  if (rounds(model)) row.rounded = gradient_error(ActivationMode::rounded);
  row.exported = export_is_exact(found, tokens);
  for (const char* target : kMerges) row.merges.push_back(merge_error(found, tokens, target));
  found.learn(ActivationMode::automatic);
  row.fallen = found.descend(0.01, ActivationMode::automatic);
  return row;
}

std::string json_line(const SupportRow& row) {
  char numbers[300];
  std::snprintf(numbers, sizeof(numbers),
                "\"logitsError\": %.1e, \"meanSquare\": %.1e, \"gradientError\": %.1e, \"exportedExactly\": %s, "
                "\"merged\": {\"f16\": %.1e, \"q8_0\": %.1e, \"q4_k_m\": %.1e, \"q4_0\": %.1e}",
                row.logits, row.by_default, row.gradient, row.exported ? "true" : "false", row.merges[0], row.merges[1],
                row.merges[2], row.merges[3]);
  const auto text = [](const char* key, const std::string& value) {
    return "\"" + std::string(key) + "\": \"" + value + "\", ";
  };
  return "  {" + text("architecture", row.architecture) + text("type", row.type) + text("model", row.model) +
         text("inputs", row.inputs) + numbers + "}";
}

const std::string kShownTable = fixture("../../shared/support/table.json");

void write_shown_table(const std::vector<SupportRow>& rows) {
  std::ofstream file(kShownTable);
  const char* separator = "[\n";
  for (const SupportRow& row : rows) {
    file << separator << json_line(row);
    separator = ",\n";
  }
  file << "\n]\n";
}

/// Instruction sets sum in different orders, so errors of rounding may differ in size; what a type loses may not.
void check_shown_table(const std::vector<SupportRow>& rows) {
  const Json shown = read_json(kShownTable);
  CHECK_EQUAL(shown.size(), rows.size());
  const auto alike = [](double found, double stored, double factor) {
    return found <= factor * stored + 1e-9 && stored <= factor * found + 1e-9;
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    const SupportRow& row = rows[i];
    const Json& stored = shown[i];
    CHECK_EQUAL(stored["architecture"].text(), row.architecture);
    CHECK_EQUAL(stored["type"].text(), row.type);
    CHECK_EQUAL(stored["model"].text(), row.model);
    CHECK_EQUAL(stored["inputs"].text(), row.inputs);
    CHECK_EQUAL(stored["exportedExactly"].boolean(), row.exported);
    CHECK(alike(row.logits, stored["logitsError"].number(), 20));
    // Where an instruction set has no such kernel, the products are exact.
    const double by_default = stored["meanSquare"].number();
    CHECK(row.inputs == "int16/32" ? row.by_default <= 20 * by_default : alike(row.by_default, by_default, 20));
    CHECK(alike(row.gradient, stored["gradientError"].number(), 20));
    for (size_t k = 0; k < row.merges.size(); ++k) {
      CHECK(alike(row.merges[k], stored["merged"][kMerges[k]].number(), 1.5));
    }
  }
}

}  // namespace

TEST("every architecture and type loads, is right, can be trained and exported, as the app shows") {
  const auto reference = make_reference_backend();
  const auto cpu = make_cpu_backend(2);
  char text[240];
  std::snprintf(text, sizeof(text), "%-13s %-6s %-20s %-4s %-8s %-11s %-11s %-9s %-8s %-10s %-11s %s", "architecture",
                "type", "model", "load", "logits", "inputs", "by default", "gradient", "rounded", "trainable",
                "exportable", "merged into F16, Q8_0, Q4_K_M, Q4_0");
  report(text);
  std::vector<SupportRow> rows;
  std::set<std::string> architectures, types;
  for (const auto& [name, layers] : kEveryModel) {
    const SupportRow& row = rows.emplace_back(measure(*cpu, *reference, name));
    std::snprintf(text, sizeof(text),
                  "%-13s %-6s %-20s %-4s %-8.1e %-11s %-11.1e %-9.1e %-8.1e %-10s %-11s %.1e %.1e %.1e %.1e",
                  row.architecture.c_str(), row.type.c_str(), name, "yes", row.logits, row.inputs.c_str(),
                  row.by_default, row.gradient, row.rounded, row.fallen > 0 ? "yes" : "no",
                  row.exported ? "same bits" : "differs", row.merges[0], row.merges[1], row.merges[2], row.merges[3]);
    report(text);
    const bool rounded = row.inputs == "int8/token";
    CHECK_AT_MOST(row.logits, 1e-3);
    CHECK_AT_MOST(row.by_default, rounded ? 5e-3 : 1e-6);
    CHECK_AT_MOST(row.gradient, 1e-4);
    // A tie that falls to the other side moves one code, and every gradient behind it a little.
    CHECK_AT_MOST(row.rounded, 2e-2);
    // The slope tells how far the loss falls, but for its bend and, in rounded arithmetic, the steps of the codes.
    CHECK(row.fallen > 0.5 && row.fallen < 1.5);
    CHECK(row.exported);
    CHECK_AT_MOST(row.merges[0], 1e-5);
    CHECK_AT_MOST(row.merges[1], 2e-3);
    architectures.insert(row.architecture);
    types.insert(row.type);
  }
  for (const auto& architecture : {"llama", "qwen2", "qwen3", "gemma3", "smollm3", "phi3", "lfm2", "bitnet",
                                   "bitnet-b1.58"}) {
    CHECK(architectures.contains(architecture));
  }
  for (const auto& type : {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K",
                           "Q5_K", "Q6_K", "IQ4_NL", "TQ1_0", "TQ2_0", "I2_S"}) {
    CHECK(types.contains(type));
  }
  const char* wish = std::getenv("HONE_SUPPORT_TABLE");
  if (wish && std::string(wish) == "write") write_shown_table(rows);
  check_shown_table(rows);
}
