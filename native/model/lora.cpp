#include "model/lora.h"

#include "core/random.h"
#include "ops/elementwise.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <tuple>

namespace hone {
namespace {

/// Tensors start at multiples of 16 floats (64 bytes); the gap stays zero, so that the flat view can be used whole.
constexpr int64_t kAlignment = 16;

int64_t padded(int64_t elements) { return (elements + kAlignment - 1) / kAlignment * kAlignment; }

uint64_t next_id() {
  static std::atomic<uint64_t> last = 0;
  return ++last;
}

/// The matrix that does the work of `projection` in a layer; none for what a block of this model does not have.
std::optional<Projection> stored_for(const ModelConfig& config, int64_t layer, Projection projection) {
  if (config.stores(layer, projection)) return projection;
  const auto stands_for = [&](Projection matrix, Projection fused) {
    const auto parts = projection_parts(fused);
    return config.stores(layer, matrix) && std::ranges::find(parts, projection) != parts.end();
  };
  if (stands_for(Projection::qkv, Projection::qkv)) return Projection::qkv;
  if (stands_for(Projection::gate_up, Projection::gate_up)) return Projection::gate_up;
  if (stands_for(Projection::conv_in, Projection::qkv)) return Projection::conv_in;
  if (stands_for(Projection::conv_out, Projection::output)) return Projection::conv_out;
  return std::nullopt;
}

}  // namespace

std::string LoraPair::tensor_name() const { return layer < 0 ? "output.weight" : projection_tensor(layer, projection); }

LoraAdapter::LoraAdapter(Backend& backend, std::vector<LoraShape> shapes, float alpha)
    : id_(next_id()), backend_(&backend), arena_(backend), shapes_(std::move(shapes)), alpha_(alpha) {
  // The head (layer -1) comes last in files; the rest goes by layer, then by projection.
  std::ranges::sort(shapes_, {}, [](const LoraShape& shape) {
    return std::tuple(shape.layer < 0, shape.layer, shape.projection);
  });
  int64_t size = 0, layers = 0;
  for (const auto& shape : shapes_) {
    size += padded(shape.rank * shape.inputs) + padded(shape.rank * shape.outputs);
    layers = std::max(layers, shape.layer + 1);
  }
  flat_ = arena_.zeros(1, size);
  index_.assign(static_cast<size_t>(layers) * kProjections, -1);

  int64_t begin = 0;
  const auto take = [&](int64_t rows, int64_t columns) {
    const Tensor view = flat_.slice_columns(begin, rows * columns);
    begin += padded(rows * columns);
    parameters_ += rows * columns;
    Tensor matrix = view;
    matrix.rows = rows;
    matrix.columns = matrix.stride = columns;
    return matrix;
  };
  for (const auto& shape : shapes_) {
    LoraPair pair{shape.layer, shape.projection, {}, {}};
    pair.a = take(shape.rank, shape.inputs);
    pair.b = take(shape.outputs, shape.rank);
    if (shape.layer >= 0) {
      auto& slot = index_[static_cast<size_t>(shape.layer) * kProjections + static_cast<size_t>(shape.projection)];
      ensure(slot < 0, "two LoRA pairs on one matrix");
      slot = static_cast<int32_t>(pairs_.size());
    }
    pairs_.push_back(pair);
  }
}

std::unique_ptr<LoraAdapter> LoraAdapter::like(Backend& backend, const LoraAdapter& other) {
  return std::make_unique<LoraAdapter>(backend, other.shapes_, other.alpha_);
}

const LoraPair* LoraAdapter::find(int64_t layer, Projection projection) const noexcept {
  const size_t slot = static_cast<size_t>(layer) * kProjections + static_cast<size_t>(projection);
  return slot < index_.size() && index_[slot] >= 0 ? &pairs_[static_cast<size_t>(index_[slot])] : nullptr;
}

const LoraPair* LoraAdapter::head() const noexcept {
  return !pairs_.empty() && pairs_.back().layer < 0 ? &pairs_.back() : nullptr;
}

float LoraAdapter::scale(const LoraPair& pair, float strength) const noexcept {
  return alpha_ == 0 ? strength : strength * alpha_ / static_cast<float>(pair.rank());
}

std::vector<LoraShape> lora_shapes(const ModelConfig& config, std::span<const Projection> projections, int64_t rank,
                                   const std::map<Projection, int64_t>& ranks) {
  std::vector<LoraShape> shapes;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    std::map<Projection, int64_t> matrices;
    for (const auto projection : projections) {
      const auto stored = stored_for(config, layer, projection);
      if (!stored) continue;
      const auto own = ranks.find(projection);
      int64_t& largest = matrices[*stored];
      largest = std::max(largest, own == ranks.end() ? rank : own->second);
    }
    for (const auto& [matrix, matrix_rank] : matrices) {
      shapes.push_back({layer, matrix, matrix_rank, config.inputs(matrix), config.outputs(matrix)});
    }
  }
  return shapes;
}

void initialise_lora(LoraAdapter& adapter, uint64_t seed) {
  Backend& backend = adapter.backend();
  backend.run(ops::Fill{.y = adapter.flat(), .value = 0});
  std::vector<float> values;
  uint64_t stream = 0;
  for (const auto& pair : adapter.pairs()) {
    const uint64_t key = derive_key(seed, stream++);
    const auto bound = static_cast<float>(1 / std::sqrt(static_cast<double>(pair.a.columns)));
    values.resize(static_cast<size_t>(pair.a.elements()));
    for (size_t i = 0; i < values.size(); ++i) values[i] = (2 * random_uniform(key, i) - 1) * bound;
    backend.upload(pair.a, values.data());
  }
}

}  // namespace hone
