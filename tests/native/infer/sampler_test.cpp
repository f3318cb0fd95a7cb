#include "infer/sampler.h"

#include "core/error.h"
#include "support/test.h"

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

using namespace hone;

namespace {

std::set<int32_t> tokens_drawn(const SamplingOptions& options, const std::vector<float>& logits, int draws = 4000) {
  Sampler sampler(options);
  std::set<int32_t> tokens;
  for (int i = 0; i < draws; ++i) tokens.insert(sampler.choose(logits));
  return tokens;
}

/// Logits whose softmax is `probabilities`.
std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)));
  return logits;
}

bool equal(const std::set<int32_t>& a, std::initializer_list<int32_t> b) { return a == std::set<int32_t>(b); }

}  // namespace

TEST("temperature 0 takes the largest logit, and the lower id among equals") {
  Sampler sampler({});
  CHECK_EQUAL(sampler.choose(std::array{0.5f, 3.0f, -1.0f, 3.0f}), 1);
  CHECK_EQUAL(sampler.choose(std::array{-5.0f, -2.0f, -7.0f}), 1);
}

TEST("draws follow the softmax of the logits over the temperature") {
  const std::vector<double> wanted = {0.5, 0.3, 0.15, 0.05};
  const std::vector<float> logits = logits_of(wanted);
  constexpr int kDraws = 40000;
  for (const float temperature : {1.0f, 0.5f}) {
    Sampler sampler({.temperature = temperature, .seed = 7});
    std::array<int, 4> counts{};
    for (int i = 0; i < kDraws; ++i) ++counts[static_cast<size_t>(sampler.choose(logits))];
    double total = 0;
    for (const double p : wanted) total += std::pow(p, 1 / temperature);
    for (size_t i = 0; i < wanted.size(); ++i) {
      const double share = static_cast<double>(counts[i]) / kDraws;
      CHECK_AT_MOST(std::abs(share - std::pow(wanted[i], 1 / temperature) / total), 0.01);
    }
  }
}

TEST("the same seed draws the same tokens, another seed draws others") {
  const std::vector<float> logits(100, 0.0f);
  const auto draw = [&](uint64_t seed) {
    Sampler sampler({.temperature = 1, .seed = seed});
    std::vector<int32_t> tokens;
    for (int i = 0; i < 20; ++i) tokens.push_back(sampler.choose(logits));
    return tokens;
  };
  CHECK(draw(3) == draw(3));
  CHECK(draw(3) != draw(4));
}

TEST("top-k keeps the k most likely tokens") {
  const std::vector<float> logits = {0.1f, 0.4f, 0.2f, 0.3f, 0.3f};
  CHECK(equal(tokens_drawn({.temperature = 1, .top_k = 1}, logits), {1}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_k = 2}, logits), {1, 3}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_k = 100}, logits), {0, 1, 2, 3, 4}));
}

TEST("top-p keeps the smallest set that reaches p") {
  const std::vector<float> logits = logits_of({0.1, 0.4, 0.2, 0.3});
  CHECK(equal(tokens_drawn({.temperature = 1, .top_p = 0.35f}, logits), {1}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_p = 0.45f}, logits), {1, 3}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_p = 0.85f}, logits), {1, 2, 3}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_p = 1e-6f}, logits), {1}));
}

TEST("min-p keeps tokens near enough to the most likely one") {
  const std::vector<float> logits = logits_of({0.1, 0.4, 0.2, 0.3});
  CHECK(equal(tokens_drawn({.temperature = 1, .min_p = 0.9f}, logits), {1}));
  CHECK(equal(tokens_drawn({.temperature = 1, .min_p = 0.7f}, logits), {1, 3}));
  CHECK(equal(tokens_drawn({.temperature = 1, .min_p = 0.3f}, logits), {1, 2, 3}));
}

TEST("top-p looks at the probabilities that top-k left, and at those before the temperature") {
  const std::vector<float> logits = logits_of({0.4, 0.3, 0.2, 0.1});
  // After top-k 2 the first token has 0.571: enough for 0.5, not for 0.6.
  CHECK(equal(tokens_drawn({.temperature = 1, .top_k = 2, .top_p = 0.5f}, logits), {0}));
  CHECK(equal(tokens_drawn({.temperature = 1, .top_k = 2, .top_p = 0.6f}, logits), {0, 1}));
  // A high temperature would make the tokens alike; the filter ran before it.
  CHECK(equal(tokens_drawn({.temperature = 5, .top_p = 0.35f}, logits), {0}));
}

TEST("a draw over a large vocabulary finds rare tokens too") {
  std::vector<float> logits(50000, -1.0f);
  logits[49999] = 8.0f;
  const std::set<int32_t> tokens = tokens_drawn({.temperature = 1}, logits, 200);
  CHECK(tokens.contains(49999));
  CHECK(tokens.size() > 50);
}

TEST("the repetition penalty divides positive and multiplies negative logits of recent tokens, once each") {
  Sampler sampler({.repetition_penalty = 2});
  sampler.accept(0);
  sampler.accept(0);
  CHECK_EQUAL(sampler.choose(std::array{3.0f, 1.4f}), 0);   // 1.5 against 1.4: penalised once, not twice
  CHECK_EQUAL(sampler.choose(std::array{3.0f, 1.6f}), 1);
  CHECK_EQUAL(sampler.choose(std::array{-1.0f, -1.5f}), 1);  // -2 against -1.5
}

TEST("the repetition penalty forgets a token after 64 others") {
  Sampler sampler({.repetition_penalty = 4});
  sampler.accept(0);
  for (int i = 0; i < 63; ++i) sampler.accept(2);
  CHECK_EQUAL(sampler.choose(std::array{2.0f, 1.0f, 0.0f}), 1);
  sampler.accept(2);
  CHECK_EQUAL(sampler.choose(std::array{2.0f, 1.0f, 0.0f}), 0);
}

TEST("settings outside their range and logits that are not numbers are refused") {
  CHECK_ERROR("sampling.value", Sampler({.temperature = -1}));
  CHECK_ERROR("sampling.value", Sampler({.top_k = -1}));
  CHECK_ERROR("sampling.value", Sampler({.top_p = 0}));
  CHECK_ERROR("sampling.value", Sampler({.min_p = 1.5f}));
  CHECK_ERROR("sampling.value", Sampler({.repetition_penalty = 0}));
  Sampler sampler({});
  CHECK_ERROR("generate.not-finite", sampler.choose(std::array{1.0f, std::numeric_limits<float>::quiet_NaN()}));
}
