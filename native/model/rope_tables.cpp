#include "model/rope_tables.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hone {

RopeFrequencies rope_frequencies(const RopeConfig& rope, std::span<const float> factors) {
  const int64_t pairs = rope.dimensions / 2;
  const auto n = static_cast<double>(rope.dimensions);
  const double scale = rope.scaling == RopeScaling::none ? 1 : 1 / rope.factor;
  RopeFrequencies result;
  result.magnitude = rope.attention_factor;

  // YaRN: pairs that turn fast keep their frequency, slow ones are stretched, those between are mixed.
  double low = 0, high = 0;
  if (rope.scaling == RopeScaling::yarn) {
    const auto dimension = [&](double beta) {
      return n * std::log(static_cast<double>(rope.original_context) / (2 * std::numbers::pi * beta)) /
             (2 * std::log(rope.base));
    };
    low = std::max(0.0, std::floor(dimension(rope.beta_fast)));
    high = std::min(n - 1, std::ceil(dimension(rope.beta_slow)));
    if (rope.extrapolation_factor != 0) result.magnitude *= 1 + 0.1 * std::log(1 / scale);
  }

  for (int64_t j = 0; j < pairs; ++j) {
    double frequency = std::pow(rope.base, -2.0 * static_cast<double>(j) / n);
    if (!factors.empty()) frequency /= static_cast<double>(factors[static_cast<size_t>(j)]);
    double kept = 0;
    if (rope.scaling == RopeScaling::yarn) {
      const double ramp = (static_cast<double>(j) - low) / std::max(0.001, high - low);
      kept = (1 - std::clamp(ramp, 0.0, 1.0)) * rope.extrapolation_factor;
    }
    result.frequency.push_back(frequency * (scale * (1 - kept) + kept));
  }
  return result;
}

RopeTables make_rope_tables(Arena& arena, const RopeFrequencies& frequencies, int64_t positions) {
  const auto pairs = static_cast<int64_t>(frequencies.frequency.size());
  std::vector<float> cosine, sine;
  cosine.reserve(static_cast<size_t>(positions * pairs));
  sine.reserve(static_cast<size_t>(positions * pairs));
  for (int64_t position = 0; position < positions; ++position) {
    for (const double frequency : frequencies.frequency) {
      const double angle = static_cast<double>(position) * frequency;
      cosine.push_back(static_cast<float>(std::cos(angle) * frequencies.magnitude));
      sine.push_back(static_cast<float>(std::sin(angle) * frequencies.magnitude));
    }
  }
  return {arena.from(cosine, positions, pairs), arena.from(sine, positions, pairs)};
}

ModelRopes make_model_ropes(Arena& arena, const ModelConfig& config, const ModelWeights& weights, int64_t positions) {
  const bool long_context = !weights.long_rope_factors.empty() && positions > config.rope.original_context;
  const auto& factors = long_context ? weights.long_rope_factors : weights.rope_factors;
  ModelRopes ropes;
  ropes.global = make_rope_tables(arena, rope_frequencies(config.rope, factors), positions);
  if (config.local_layers > 0) {
    const RopeConfig local{.dimensions = config.rope.dimensions, .pairing = config.rope.pairing};
    ropes.local = make_rope_tables(arena, rope_frequencies(local, {}), positions);
  }
  return ropes;
}

}  // namespace hone
