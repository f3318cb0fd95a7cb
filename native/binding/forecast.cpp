#include "binding/forecast.h"

#include "model/model.h"
#include "train/training_pass.h"

namespace hone::binding {

Forecast forecast_training(const Model& model, const Recipe& recipe) {
  const ModelConfig& config = model.config();
  check_recipe(recipe, config);
  const auto backend = make_cpu_backend(1);
  const LoraAdapter adapter(*backend, lora_shapes(config, recipe.projections, recipe.rank), recipe.alpha);
  const int64_t row = recipe.packing ? recipe.batch_size * recipe.max_length : recipe.max_length;
  const TrainingPass pass(*backend, config, model.weights(),
                          {.tokens = row,
                           .positions = recipe.max_length,
                           .checkpointing = recipe.checkpointing,
                           .activations = recipe.activations,
                           .gradients = true},
                          {{&adapter, 1}}, &adapter, &adapter);
  // The adapter, its gradient, and two moments of the optimiser.
  const size_t adapters = 4 * static_cast<size_t>(adapter.flat().elements()) * sizeof(float);
  return {.peak_bytes = model.weights().bytes + pass.bytes() + adapters, .trainable_parameters = adapter.parameters()};
}

}  // namespace hone::binding
