#pragma once

#include <cstdint>
#include <vector>

namespace hone {

/// Examples (indices) of one micro-batch, and the micro-batches of one optimiser step.
using MicroBatch = std::vector<uint32_t>;
using StepPlan = std::vector<MicroBatch>;

struct OrderOptions {
  int64_t epochs = 1;
  int64_t max_steps = 0;     ///< not 0: exactly so many steps, over as many epochs as that takes
  int64_t batch_size = 1;    ///< examples per micro-batch …
  int64_t batch_tokens = 0;  ///< … or, when not 0, as many whole examples as fit in so many tokens
  int64_t accumulation = 1;  ///< micro-batches per step
  uint64_t seed = 1;
};

/// Which examples every step sees: a new seeded shuffle per epoch, cut into micro-batches and steps. The plan of a
/// step depends on options and lengths only, so a resumed run finds its place by the step number alone.
class DataOrder {
 public:
  /// `lengths` in tokens; an example of length 0 is left out.
  DataOrder(std::vector<int64_t> lengths, const OrderOptions& options);

  int64_t total_steps() const noexcept { return total_steps_; }
  int64_t longest_batch() const noexcept { return longest_batch_; }  ///< tokens of the largest micro-batch

  /// Plan of step `index` from 0. Asking in order is cheap.
  const StepPlan& step(int64_t index);

  /// Passes over the data when `index` steps are done.
  double epoch_at(int64_t index) const;

 private:
  std::vector<StepPlan> plan_epoch(int64_t epoch) const;

  std::vector<int64_t> lengths_;
  OrderOptions options_;
  std::vector<int64_t> epoch_begin_;  ///< first step of every epoch, and the end
  int64_t total_steps_ = 0;
  int64_t longest_batch_ = 0;
  int64_t cached_epoch_ = -1;
  std::vector<StepPlan> cached_;
};

}  // namespace hone
