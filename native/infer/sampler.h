#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace hone {

struct SamplingOptions {
  float temperature = 0;         ///< 0: greedy, all filters but the penalty are then without effect
  int64_t top_k = 0;             ///< 0: keep all
  float top_p = 1;               ///< (0, 1]; 1: keep all
  float min_p = 0;               ///< [0, 1]; 0: keep all
  float repetition_penalty = 1;  ///< 1: off
  uint64_t seed = 1;
};

/// Chooses the next token. The same options, history and logits give the same token on every machine whose `exp`
/// agrees to the last bits that a draw can tell apart.
///
/// Order: repetition penalty, top-k, top-p, min-p, temperature, draw. The probabilities that top-p and min-p look at
/// are those at temperature 1, over what the filter before left. Equal logits are ranked by token id, lower first.
/// At least one token always remains.
class Sampler {
 public:
  /// Tokens that the repetition penalty looks back on, prompt included.
  static constexpr size_t kPenaltyWindow = 64;

  /// Errors: "sampling.value" naming the setting, the value and the limit.
  explicit Sampler(const SamplingOptions& options);

  /// Tells the sampler about a token of the prompt or of the answer.
  void accept(int32_t token);

  /// A token for `logits` [V]; does not accept it. Error "generate.not-finite" when a logit is not a number or +∞.
  int32_t choose(std::span<const float> logits);

 private:
  void penalise(std::span<float> logits) const;

  SamplingOptions options_;
  uint64_t key_;
  uint64_t draws_ = 0;
  std::deque<int32_t> recent_;
  std::vector<float> logits_;  ///< the penalised copy, kept for its memory
};

}  // namespace hone
