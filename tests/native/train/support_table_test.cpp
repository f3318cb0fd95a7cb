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
  char text[200];
  std::snprintf(text, sizeof(text), "%-13s %-6s %-20s %-12s %-12s %-12s %-9s %s", "architecture", "type", "model",
                "logits", "inputs", "by default", "gradient", "export");
  report(text);
  std::set<std::string> architectures;
  for (const auto& [name, layers] : kEveryModel) {
    Learning found(*cpu, name), expected(*reference, name);
    const Model& model = *found.model;
    const auto tokens = logit_cases()[name]["tokens"].numbers<int32_t>();
    const auto truth = read_npy(model_fixture(std::string(name) + ".exact.npy")).values;
    // Both against the float64 results: without rounding, and in the arithmetic of the type.
    const Distance exact = distance(logits_of(model, tokens, {}, ActivationMode::exact), truth);
    const Distance usual = distance(logits_of(model, tokens), truth);
    const double spread = spread_of(truth);
    found.learn();
    expected.learn();
    const double gradient = worst_error(*cpu, *found.gradients, *expected.gradients);
    const bool exported = export_is_exact(found, tokens);
    std::snprintf(text, sizeof(text), "%-13s %-6s %-20s %-12.1e %-12s %-12.1e %-9.1e %s",
                  model.config().architecture.c_str(), types_of(model).c_str(), name, exact.largest / spread,
                  rounds(model) ? "int8/token" : "float32", usual.square, gradient, exported ? "same bits" : "differs");
    report(text);
    CHECK_AT_MOST(exact.largest, 1e-3 * spread);
    CHECK_AT_MOST(usual.square, rounds(model) ? 5e-3 : 1e-6);
    CHECK_AT_MOST(gradient, 1e-4);
    CHECK(exported);
    architectures.insert(model.config().architecture);
  }
  for (const auto& architecture : {"llama", "qwen2", "qwen3", "gemma3", "smollm3", "phi3", "lfm2", "bitnet",
                                   "bitnet-b1.58"}) {
    CHECK(architectures.contains(architecture));
  }
}
