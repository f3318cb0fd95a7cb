#include "model/adapter_file.h"
#include "support/test.h"
#include "train/every_model.h"

#include <cstdio>
#include <set>

/// The table of what works: architecture and type against logits, gradients and export.
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

std::string shown(double error) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.1e", error);
  return text;
}

bool rounds(const Model& model) {
  const auto& down = model.weights().layers.front().at(Projection::down).weight;
  return activations_for(ActivationMode::automatic, down) == ops::Activations::rounded;
}

/// Logits with the adapter as trained, and as read back from the file it was written to.
bool export_is_exact(Learning& task, const std::vector<int32_t>& tokens) {
  const std::string path = temporary_folder() + "/adapter.gguf";
  write_adapter(path, *task.adapter, task.model->config().architecture, "Table", {});
  const auto loaded = read_adapter(path, task.model->config(), task.backend);
  const ActiveAdapter before{task.adapter.get(), 1}, after{loaded.adapter.get(), 1};
  return logits_of(*task.model, tokens, {&before, 1}) == logits_of(*task.model, tokens, {&after, 1});
}

}  // namespace

TEST("every architecture and type loads, is right, can be trained and exported") {
  const auto reference = make_reference_backend();
  const auto cpu = make_cpu_backend(2);
  char text[240];
  std::snprintf(text, sizeof(text), "%-13s %-6s %-20s %-4s %-9s %-11s %-11s %-9s %-9s %-9s %s", "architecture", "type",
                "model", "load", "logits", "inputs", "by default", "gradient", "rounded", "trainable", "exportable");
  report(text);
  std::set<std::string> architectures, types;
  for (const auto& [name, layers] : kEveryModel) {
    Learning found(*cpu, name), expected(*reference, name);
    const Model& model = *found.model;
    const auto tokens = logit_cases()[name]["tokens"].numbers<int32_t>();
    const auto truth = read_npy(model_fixture(std::string(name) + ".exact.npy")).values;
    // Both against the float64 results: without rounding, and in the arithmetic of the type.
    const Distance exact = distance(logits_of(model, tokens, {}, ActivationMode::exact), truth);
    const Distance usual = distance(logits_of(model, tokens), truth);
    const double spread = spread_of(truth);
    // Against the definition of every operation; what finite differences say is in architecture_gradient_test.
    const auto gradient_error = [&](ActivationMode mode) {
      found.learn(mode);
      expected.learn(mode);
      return worst_error(*cpu, *found.gradients, *expected.gradients);
    };
    const double gradient = gradient_error(ActivationMode::exact);
    const std::string rounded = rounds(model) ? shown(gradient_error(ActivationMode::rounded)) : "-";
    const bool exported = export_is_exact(found, tokens);
    found.learn(ActivationMode::automatic);
    const double fallen = found.descend(0.01, ActivationMode::automatic);
    std::snprintf(text, sizeof(text), "%-13s %-6s %-20s %-4s %-9.1e %-11s %-11.1e %-9.1e %-9s %-9s %s",
                  model.config().architecture.c_str(), types_of(model).c_str(), name, "yes", exact.largest / spread,
                  rounds(model) ? "int8/token" : "float32", usual.square, gradient, rounded.c_str(),
                  fallen > 0 ? "yes" : "no", exported ? "same bits" : "differs");
    report(text);
    CHECK_AT_MOST(exact.largest, 1e-3 * spread);
    CHECK_AT_MOST(usual.square, rounds(model) ? 5e-3 : 1e-6);
    CHECK_AT_MOST(gradient, 1e-4);
    // A tie that falls to the other side moves one code, and every gradient behind it a little.
    if (rounds(model)) CHECK_AT_MOST(std::stod(rounded), 2e-2);
    // The slope tells how far the loss falls, but for its bend and, in rounded arithmetic, the steps of the codes.
    CHECK(fallen > 0.5 && fallen < 1.5);
    CHECK(exported);
    architectures.insert(model.config().architecture);
    types.insert(types_of(model));
  }
  for (const auto& architecture : {"llama", "qwen2", "qwen3", "gemma3", "smollm3", "phi3", "lfm2", "bitnet",
                                   "bitnet-b1.58"}) {
    CHECK(architectures.contains(architecture));
  }
  for (const auto& type : {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K",
                           "Q5_K", "Q6_K", "IQ4_NL", "TQ1_0", "TQ2_0", "I2_S"}) {
    CHECK(types.contains(type));
  }
}
