#include "train/parameter_store.h"

#include "core/random.h"
#include "ops/elementwise.h"

#include <cmath>
#include <numbers>

namespace hone {
namespace {

int64_t padded(int64_t elements) { return (elements + 15) / 16 * 16; }  // tensors start at multiples of 64 bytes

void fill_normal(Backend& backend, const Tensor& tensor, double deviation, uint64_t key) {
  backend.upload(tensor, normal_values(static_cast<size_t>(tensor.elements()), deviation, key).data());
}

}  // namespace

/// By Box and Muller, from two uniform numbers each.
std::vector<float> normal_values(size_t count, double deviation, uint64_t key) {
  std::vector<float> values(count);
  for (size_t i = 0; i < values.size(); ++i) {
    const double radius = std::sqrt(-2 * std::log(1 - static_cast<double>(random_uniform(key, 2 * i))));
    const double angle = 2 * std::numbers::pi * static_cast<double>(random_uniform(key, 2 * i + 1));
    values[i] = static_cast<float>(deviation * radius * std::cos(angle));
  }
  return values;
}

ParameterStore::ParameterStore(Backend& backend, const ModelConfig& config) : arena_(backend) {
  layers.resize(static_cast<size_t>(config.layers));
  // Twice over the same list: once to measure, once to place.
  int64_t begin = 0;
  const auto visit = [&](auto&& place) {
    begin = 0;
    place(embedding, config.vocabulary, config.dim);
    for (auto& layer : layers) {
      for (const auto projection : kPlainProjections) {
        place(layer.projections[static_cast<size_t>(projection)], config.outputs(projection), config.inputs(projection));
      }
    }
    matrix_size_ = begin;
    place(output_norm, 1, config.dim);
    for (auto& layer : layers) {
      place(layer.attention_norm, 1, config.dim);
      place(layer.attention_sub_norm, 1, config.query_width());
      place(layer.feed_forward_norm, 1, config.dim);
      place(layer.feed_forward_sub_norm, 1, config.feed_forward);
    }
  };
  visit([&](Tensor&, int64_t rows, int64_t columns) { begin += padded(rows * columns); });
  flat_ = arena_.zeros(1, begin);
  visit([&](Tensor& tensor, int64_t rows, int64_t columns) {
    tensor = flat_.slice_columns(begin, rows * columns);
    tensor.rows = rows;
    tensor.columns = tensor.stride = columns;
    begin += padded(rows * columns);
  });
}

Tensor ParameterStore::part(int64_t begin, int64_t count) const {
  Tensor view = flat_.slice_columns(begin, count);
  view.stride = count;
  return view;
}

ModelGradients ParameterStore::as_gradients() const {
  ModelGradients gradients;
  gradients.layers = layers;
  gradients.embedding = embedding;
  gradients.output_norm = output_norm;
  return gradients;
}

void initialise_parameters(ParameterStore& store, const ModelConfig& config, uint64_t seed) {
  Backend& backend = store.backend();
  uint64_t stream = 0;
  fill_normal(backend, store.embedding, 0.02, derive_key(seed, stream++));
  const double branch = 1 / std::sqrt(2.0 * static_cast<double>(config.layers));
  for (const auto& layer : store.layers) {
    for (const auto projection : kPlainProjections) {
      const bool residual = projection == Projection::output || projection == Projection::down;
      const double deviation = (residual ? branch : 1) / std::sqrt(static_cast<double>(config.inputs(projection)));
      fill_normal(backend, layer.projections[static_cast<size_t>(projection)], deviation, derive_key(seed, stream++));
    }
  }
  backend.run(ops::Fill{.y = store.norms(), .value = 1});
}

}  // namespace hone
