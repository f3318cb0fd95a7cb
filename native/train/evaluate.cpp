#include "train/evaluate.h"

#include "core/error.h"

#include <algorithm>
#include <string>

namespace hone {

LossSums evaluate_examples(Backend& backend, const Model& model, const std::vector<ActiveAdapter>& adapters,
                           std::span<const Example> examples) {
  const int64_t vocabulary = model.config().vocabulary;
  int64_t longest = 0;
  for (const Example& example : examples) {
    longest = std::max(longest, static_cast<int64_t>(example.tokens.size()));
    for (const int32_t token : example.tokens) {
      if (token >= 0 && token < vocabulary) continue;
      throw Error("data.token", "an example holds token " + std::to_string(token) + ", the vocabulary has " +
                                    std::to_string(vocabulary));
    }
  }
  LossSums sums;
  if (longest == 0) return sums;
  TrainingPass pass(backend, model.config(), model.weights(),
                    {.tokens = longest, .positions = longest, .gradients = false}, adapters, nullptr, nullptr);
  for (const Example& example : examples) {
    if (example.tokens.empty()) continue;
    TrainingRow row;
    row.append(example.tokens, example.targets);
    const LossSums part = pass.evaluate(row);
    sums.loss += part.loss;
    sums.targets += part.targets;
    sums.correct += part.correct;
  }
  return sums;
}

}  // namespace hone
