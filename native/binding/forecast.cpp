#include "binding/forecast.h"

#include "model/lora.h"
#include "model/model.h"
#include "train/memory.h"

#include <algorithm>
#include <thread>

namespace hone::binding {
namespace {

/// The process around the engine: Node with its heap.
constexpr size_t kHost = 48 << 20;

}  // namespace

Forecast forecast_training(const Model& model, const Recipe& recipe, unsigned threads) {
  const ModelConfig& config = model.config();
  check_recipe(recipe, config);
  const int64_t row = recipe.packing ? recipe.batch_size * recipe.max_length : recipe.max_length;
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Forecast forecast;
  forecast.peak_bytes = kHost + forecast_memory(config, model.weights(), recipe, row, recipe.max_length, threads).total;
  for (const LoraShape& shape : lora_shapes(config, recipe.projections, recipe.rank, recipe.ranks)) {
    forecast.trainable_parameters += shape.rank * (shape.inputs + shape.outputs);
  }
  return forecast;
}

}  // namespace hone::binding
