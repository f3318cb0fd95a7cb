#pragma once

#include "backend/backend.h"
#include "model/adapter_file.h"
#include "model/decoder.h"
#include "model/model.h"
#include "support/npy.h"
#include "support/vulkan.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace hone::test {

inline std::string model_fixture(const std::string& name) { return fixture("models/" + name); }

/// Facts about each reference result: token ids and the spread of the logits.
inline const Json& logit_cases() {
  static const Json cases = read_json(model_fixture("logits.json"));
  return cases;
}

/// A backend with the name to report it under.
struct NamedBackend {
  const char* name;
  std::unique_ptr<Backend> backend;
};

/// Every backend that this machine has.
inline std::vector<NamedBackend> all_backends() {
  std::vector<NamedBackend> all;
  all.push_back({"reference", make_reference_backend()});
  all.push_back({"cpu", make_cpu_backend(2)});
  if (auto vulkan = vulkan_for_tests()) all.push_back({"vulkan", std::move(vulkan)});
  return all;
}

inline std::vector<float> logits_of(const Model& model, const std::vector<int32_t>& tokens,
                                    std::span<const ActiveAdapter> adapters = {},
                                    ActivationMode mode = ActivationMode::automatic, int64_t chunk = 256) {
  Decoder decoder(model.backend(), model.config(), model.weights(),
                  {.positions = 64, .chunk = chunk, .activations = mode});
  KvCache cache(model.backend(), model.config(), 64);
  return decoder.all_logits(tokens, cache, adapters);
}

struct Distance {
  double largest = 0;  ///< absolute
  double square = 0;   ///< normalised mean square: sum of squared differences / sum of squares about the row mean
};

inline Distance distance(const std::vector<float>& found, const std::vector<float>& expected) {
  if (found.size() != expected.size()) throw Failure("results of different sizes are compared");
  Distance result;
  double mean = 0, difference = 0, spread = 0;
  for (const float value : expected) mean += value;
  mean /= static_cast<double>(expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double d = static_cast<double>(found[i]) - expected[i];
    if (!std::isfinite(d)) throw Failure("a result is not a finite number");
    result.largest = std::max(result.largest, std::abs(d));
    difference += d * d;
    spread += (expected[i] - mean) * (expected[i] - mean);
  }
  result.square = difference / spread;
  return result;
}

/// Standard deviation.
inline double spread_of(const std::vector<float>& values) {
  double mean = 0, square = 0;
  for (const float value : values) mean += value;
  mean /= static_cast<double>(values.size());
  for (const float value : values) square += (value - mean) * (value - mean);
  return std::sqrt(square / static_cast<double>(values.size()));
}

/// norm of the difference / norm of the expected values.
inline double relative_error(const std::vector<float>& found, const std::vector<float>& expected) {
  if (found.size() != expected.size()) throw Failure("tensors of different sizes are compared");
  double difference = 0, norm = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    difference += (static_cast<double>(found[i]) - expected[i]) * (static_cast<double>(found[i]) - expected[i]);
    norm += static_cast<double>(expected[i]) * expected[i];
  }
  return std::sqrt(difference / norm);
}

inline std::vector<float> values_of(Backend& backend, const Tensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.elements()));
  backend.download(tensor, values.data());
  return values;
}

}  // namespace hone::test
