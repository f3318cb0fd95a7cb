#include "train/memory.h"

#include "backend/cpu/scratch_forecast.h"
#include "model/lora.h"

#include <algorithm>
#include <map>

namespace hone {
namespace {

constexpr int64_t kFloat = 4;
constexpr size_t kProgram = 12 << 20;   // the engine's code, its threads, and what the allocator keeps
constexpr size_t kTokenBytes = 64;      // a token of the vocabulary: text, score and its places in tables

int64_t padded(int64_t elements) { return (elements + 15) / 16 * 16; }

/// Floats per token that BlockState holds.
int64_t state_floats(const ModelConfig& c) {
  const int64_t q = c.query_width(), k = c.key_width();
  const int64_t convolution = c.convolution_width > 0 ? 4 * c.dim : 0;
  const int64_t raw = (c.head_norms ? q + k : 0) + (c.post_norms ? 2 * c.dim : 0);
  return q + 2 * k + raw + convolution + q + c.heads + c.dim + 2 * c.feed_forward;
}

int64_t scratch_floats(const ModelConfig& c) {
  return c.dim + (c.sub_norms ? c.query_width() : 0) + c.feed_forward;
}

int64_t backward_floats(const ModelConfig& c, bool scales) {
  const int64_t q = c.query_width(), k = c.key_width(), f = c.feed_forward;
  const int64_t sub = c.sub_norms || c.head_norms ? q : 0;
  const int64_t others = (c.post_norms ? c.dim : 0) + (c.convolution_width > 0 ? 3 * c.dim : 0);
  return others + c.dim + (c.sub_norms ? f : 0) + f + q + sub + q + 2 * k + (scales ? std::max({c.dim, f, q}) : 0);
}

}  // namespace

MemoryForecast forecast_memory(const ModelConfig& config, const ModelWeights& weights, const Recipe& recipe,
                               int64_t row_tokens, int64_t longest, unsigned threads) {
  const int64_t n = row_tokens;
  bool scales = false, ternary = false, in_bytes = false;
  for (const auto& layer : weights.layers) {
    for (const auto& projection : layer.projections) {
      scales = scales || projection.scale;
      if (!projection.weight) continue;
      const DType dtype = projection.weight.dtype;
      ternary = ternary || is_ternary(dtype);
      in_bytes = in_bytes || dtype == DType::Q8_0 || dtype == DType::Q4_0;
    }
  }
  int64_t parameters = 0, highest_rank = 0;
  int64_t u = 0;  // of each pair; with checkpointing layers share them
  std::map<Projection, int64_t> shared;
  for (const auto& shape : lora_shapes(config, recipe.projections, recipe.rank, recipe.ranks)) {
    parameters += padded(shape.rank * shape.inputs) + padded(shape.rank * shape.outputs);
    u += shape.rank;
    highest_rank = std::max(highest_rank, shape.rank);
    shared[shape.projection] = std::max(shared[shape.projection], shape.rank);
  }
  if (recipe.checkpointing) {
    u = 0;
    for (const auto& [projection, rank] : shared) u += rank;
  }
  // An adapter on few projections may begin above q, k, v, but every layer has one: all inputs are kept.
  const int64_t inputs = (config.layers + 1) * config.dim;
  const int64_t states = recipe.checkpointing ? 0 : config.layers * state_floats(config) + u;
  const int64_t block = recipe.checkpointing ? state_floats(config) + u : 0;
  const int64_t row_vectors = config.local_layers > 0 ? 10 : 9;  // ids, positions, targets, …
  const int64_t rope = std::min(longest, n) * config.rope.dimensions * (config.local_layers > 0 ? 2 : 1);

  const auto bytes = [](int64_t floats) { return static_cast<size_t>(floats * kFloat); };
  MemoryForecast forecast;
  forecast.weights = weights.bytes;
  forecast.adapter = bytes((recipe.patience > 0 ? 5 : 4) * parameters);
  forecast.stored = bytes(n * (inputs + states));
  forecast.working = bytes(n * (block + scratch_floats(config) + backward_floats(config, scales) + config.dim));
  forecast.head = bytes(n * (2 * config.dim + row_vectors) + rope);
  forecast.scratch = cpu::forecast_scratch({.rows = n,
                                            .vocabulary = config.vocabulary,
                                            .widest = std::max({config.dim, config.feed_forward, config.query_width()}),
                                            .head_dim = config.head_dim,
                                            .rank = highest_rank,
                                            .ternary = ternary,
                                            .bytes = in_bytes,
                                            .dropout = recipe.dropout > 0,
                                            .threads = std::max(1u, threads)});
  forecast.program = kProgram + kTokenBytes * static_cast<size_t>(config.vocabulary);
  forecast.total = forecast.weights + forecast.adapter + forecast.stored + forecast.working + forecast.head +
                   forecast.scratch + forecast.program;
  return forecast;
}

}  // namespace hone
