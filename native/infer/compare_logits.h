#pragma once

#include "infer/resident_model.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

namespace hone {

/// One of two ways to compute the same thing: a model and what acts on it. Both must outlive the comparison.
struct LogitSource {
  const ResidentModel* model = nullptr;
  std::span<const ActiveAdapter> adapters;
};

/// How far the logits of the second source are from those of the first. Differences that are not numbers count as
/// infinite.
struct LogitDistance {
  int64_t tokens = 0;
  double largest = 0;         ///< difference of a logit
  double spread = 0;          ///< standard deviation of the first's logits
  double mean_square = 0;     ///< of the differences, over the variance of the first's logits
  double divergence = 0;      ///< Kullback-Leibler, first from second, in nats: mean over tokens
  double top1_agreement = 1;  ///< share of tokens with the same likeliest next token
};

/// Feeds `tokens` to both in pieces, so that memory is that of a few rows of logits, not of all. `progress` hears the
/// tokens done. Errors: those of all_logits; "compare.models" when the vocabularies differ in size; "compare.stopped"
/// after `stop` was set.
LogitDistance compare_logits(const LogitSource& first, const LogitSource& second, std::span<const int32_t> tokens,
                             ActivationMode activations, const std::function<void(int64_t done)>& progress,
                             const std::atomic<bool>& stop);

}  // namespace hone
