#include "infer/compare_logits.h"

#include "core/error.h"
#include "infer/session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace hone {
namespace {

constexpr size_t kPiece = 32;  ///< tokens whose logits are in memory at once

/// log(Σ exp(x)).
double log_sum(std::span<const float> row) {
  const double top = *std::ranges::max_element(row);
  double sum = 0;
  for (const float value : row) sum += std::exp(value - top);
  return top + std::log(sum);
}

/// Adds up row after row.
class Distance {
 public:
  void add(std::span<const float> first, std::span<const float> second) {
    const double first_norm = log_sum(first), second_norm = log_sum(second);
    double divergence = 0;
    for (size_t i = 0; i < first.size(); ++i) {
      const double a = first[i], b = second[i], difference = std::abs(a - b);
      if (!(difference <= largest_)) largest_ = std::isnan(difference) ? kInfinity : difference;
      sum_ += a;
      squares_ += a * a;
      differences_ += difference * difference;
      divergence += std::exp(a - first_norm) * ((a - first_norm) - (b - second_norm));
    }
    divergence_ += std::max(0.0, divergence);
    agree_ += std::ranges::max_element(first) - first.begin() == std::ranges::max_element(second) - second.begin();
    logits_ += static_cast<double>(first.size());
    ++tokens_;
  }

  LogitDistance result() const {
    const double mean = sum_ / logits_, variance = std::max(0.0, squares_ / logits_ - mean * mean);
    const auto tokens = static_cast<double>(tokens_);
    LogitDistance found{.tokens = tokens_,
                        .largest = largest_,
                        .spread = std::sqrt(variance),
                        .mean_square = differences_ == 0 ? 0 : differences_ / logits_ / variance,
                        .divergence = divergence_ / tokens,
                        .top1_agreement = static_cast<double>(agree_) / tokens};
    for (double* value : {&found.mean_square, &found.divergence}) {
      if (std::isnan(*value)) *value = kInfinity;
    }
    return found;
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  double largest_ = 0, sum_ = 0, squares_ = 0, differences_ = 0, divergence_ = 0, logits_ = 0;
  int64_t tokens_ = 0, agree_ = 0;
};

}  // namespace

LogitDistance compare_logits(const LogitSource& first, const LogitSource& second, std::span<const int32_t> tokens,
                             ActivationMode activations, const std::function<void(int64_t done)>& progress,
                             const std::atomic<bool>& stop) {
  const int64_t vocabulary = first.model->model().config().vocabulary;
  if (second.model->model().config().vocabulary != vocabulary) {
    throw Error("compare.models", "the vocabularies have " + std::to_string(vocabulary) + " and " +
                                      std::to_string(second.model->model().config().vocabulary) + " tokens");
  }
  check_prompt(*first.model, tokens);
  check_prompt(*second.model, tokens);
  const auto positions = static_cast<int64_t>(tokens.size());
  Session left(*first.model, positions, activations, DType::F32),
      right(*second.model, positions, activations, DType::F32);
  Distance distance;
  for (size_t begin = 0; begin < tokens.size(); begin += kPiece) {
    if (stop.load()) throw Error("compare.stopped", "the comparison was stopped");
    const auto piece = tokens.subspan(begin, std::min(kPiece, tokens.size() - begin));
    const std::vector<float> a = left.decoder().all_logits(piece, left.cache(), first.adapters);
    const std::vector<float> b = right.decoder().all_logits(piece, right.cache(), second.adapters);
    const auto width = static_cast<size_t>(vocabulary);
    for (size_t row = 0; row < piece.size(); ++row) {
      distance.add(std::span(a).subspan(row * width, width), std::span(b).subspan(row * width, width));
    }
    progress(static_cast<int64_t>(begin + piece.size()));
  }
  return distance.result();
}

}  // namespace hone
