#include "infer/sampler.h"

#include "core/error.h"
#include "core/random.h"
#include "infer/ranked.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr uint64_t kDrawStream = 0x73616d706c65ULL;  // "sample"

void check(bool good, const char* name, double value, const char* limit) {
  if (good) return;
  throw Error("sampling.value", std::string(name) + " is " + std::to_string(value) + " but must be " + limit);
}

/// Uniform in [0, 1) with 53 bits.
double uniform(uint64_t key, uint64_t counter) {
  return static_cast<double>(random_bits(key, counter) >> 11) * 0x1p-53;
}

int32_t greedy(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

double weight(const Candidate& candidate, float largest, float temperature) {
  return std::exp((static_cast<double>(candidate.logit) - largest) / temperature);
}

double total_weight(const Ranked& ranked, float largest, float temperature) {
  double total = 0;
  for (const Candidate& candidate : ranked.all()) total += weight(candidate, largest, temperature);
  return total;
}

/// The smallest set of most likely tokens whose probability reaches `top_p`.
void keep_top_p(Ranked& ranked, float largest, float top_p) {
  const double wanted = top_p * total_weight(ranked, largest, 1);
  double reached = 0;
  for (size_t rank = 0; rank < ranked.size(); ++rank) {
    reached += weight(ranked.at(rank), largest, 1);
    if (reached >= wanted) return ranked.keep(rank + 1);
  }
}

/// Tokens at least `min_p` times as likely as the most likely one.
void keep_min_p(Ranked& ranked, float largest, float min_p) {
  for (size_t rank = 1; rank < ranked.size(); ++rank) {
    if (weight(ranked.at(rank), largest, 1) < min_p) return ranked.keep(rank);
  }
}

}  // namespace

Sampler::Sampler(const SamplingOptions& options) : options_(options), key_(derive_key(options.seed, kDrawStream)) {
  check(options.temperature >= 0 && std::isfinite(options.temperature), "temperature", options.temperature,
        "a number from 0");
  check(options.top_k >= 0, "top-k", static_cast<double>(options.top_k), "0 (off) or more");
  check(options.top_p > 0 && options.top_p <= 1, "top-p", options.top_p, "above 0 and at most 1 (off)");
  check(options.min_p >= 0 && options.min_p <= 1, "min-p", options.min_p, "from 0 (off) to 1");
  check(options.repetition_penalty > 0 && std::isfinite(options.repetition_penalty), "repetition penalty",
        options.repetition_penalty, "above 0 (1: off)");
}

void Sampler::accept(int32_t token) {
  recent_.push_back(token);
  if (recent_.size() > kPenaltyWindow) recent_.pop_front();
}

void Sampler::penalise(std::span<float> logits) const {
  std::vector<int32_t> seen(recent_.begin(), recent_.end());
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  for (const int32_t token : seen) {
    if (token < 0 || static_cast<size_t>(token) >= logits.size()) continue;
    float& logit = logits[static_cast<size_t>(token)];
    logit = logit > 0 ? logit / options_.repetition_penalty : logit * options_.repetition_penalty;
  }
}

int32_t Sampler::choose(std::span<const float> logits) {
  ensure(!logits.empty(), "choosing a token needs logits");
  if (std::any_of(logits.begin(), logits.end(), [](float logit) { return !(logit < kInfinity); })) {
    throw Error("generate.not-finite", "the model computed values that are not numbers",
                "The model file or the adapter may be damaged; try without adapters, then download the model again.");
  }
  if (options_.repetition_penalty != 1) {
    logits_.assign(logits.begin(), logits.end());
    penalise(logits_);
    logits = logits_;
  }
  const int32_t best = greedy(logits);
  if (options_.temperature == 0) return best;

  const float largest = logits[static_cast<size_t>(best)];
  Ranked ranked(logits);
  if (options_.top_k > 0) ranked.keep(static_cast<size_t>(options_.top_k));
  if (options_.top_p < 1) keep_top_p(ranked, largest, options_.top_p);
  if (options_.min_p > 0) keep_min_p(ranked, largest, options_.min_p);

  const double target = uniform(key_, draws_++) * total_weight(ranked, largest, options_.temperature);
  double reached = 0;
  for (size_t rank = 0; rank + 1 < ranked.size(); ++rank) {
    reached += weight(ranked.at(rank), largest, options_.temperature);
    if (reached > target) return ranked.at(rank).token;
  }
  return ranked.at(ranked.size() - 1).token;
}

}  // namespace hone
