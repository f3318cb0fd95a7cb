#include "train/data_order.h"

#include "core/error.h"
#include "core/random.h"

#include <algorithm>
#include <utility>

namespace hone {

DataOrder::DataOrder(std::vector<int64_t> lengths, const OrderOptions& options)
    : lengths_(std::move(lengths)), options_(options) {
  epoch_begin_.push_back(0);
  for (int64_t epoch = 0;; ++epoch) {
    const bool enough = options_.max_steps > 0 ? total_steps_ >= options_.max_steps : epoch >= options_.epochs;
    if (enough) break;
    const auto steps = plan_epoch(epoch);
    ensure(!steps.empty(), "an epoch without examples");
    for (const auto& step : steps) {
      for (const auto& batch : step) {
        int64_t tokens = 0;
        for (const uint32_t example : batch) tokens += lengths_[example];
        longest_batch_ = std::max(longest_batch_, tokens);
      }
    }
    total_steps_ += static_cast<int64_t>(steps.size());
    epoch_begin_.push_back(total_steps_);
  }
  if (options_.max_steps > 0) total_steps_ = options_.max_steps;
}

std::vector<StepPlan> DataOrder::plan_epoch(int64_t epoch) const {
  std::vector<uint32_t> order;
  for (size_t i = 0; i < lengths_.size(); ++i) {
    if (lengths_[i] > 0) order.push_back(static_cast<uint32_t>(i));
  }
  const uint64_t key = derive_key(options_.seed, static_cast<uint64_t>(epoch));
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_bits(key, i) % i]);

  std::vector<StepPlan> steps;
  MicroBatch batch;
  int64_t tokens = 0;
  const auto close_batch = [&] {
    if (batch.empty()) return;
    if (steps.empty() || static_cast<int64_t>(steps.back().size()) == options_.accumulation) steps.emplace_back();
    steps.back().push_back(std::exchange(batch, {}));
    tokens = 0;
  };
  for (const uint32_t example : order) {
    const int64_t length = lengths_[example];
    const bool full = options_.batch_tokens > 0 ? tokens + length > options_.batch_tokens
                                                : static_cast<int64_t>(batch.size()) >= options_.batch_size;
    if (full) close_batch();
    batch.push_back(example);
    tokens += length;
  }
  close_batch();
  return steps;
}

const StepPlan& DataOrder::step(int64_t index) {
  ensure(index >= 0 && index < total_steps_, "a step outside the run");
  const auto after = std::upper_bound(epoch_begin_.begin(), epoch_begin_.end(), index);
  const int64_t epoch = after - epoch_begin_.begin() - 1;
  if (epoch != cached_epoch_) {
    cached_ = plan_epoch(epoch);
    cached_epoch_ = epoch;
  }
  return cached_[static_cast<size_t>(index - epoch_begin_[static_cast<size_t>(epoch)])];
}

double DataOrder::epoch_at(int64_t index) const {
  const auto after = std::upper_bound(epoch_begin_.begin(), epoch_begin_.end(), index);
  const auto epoch = static_cast<size_t>(after - epoch_begin_.begin() - 1);
  if (epoch + 1 >= epoch_begin_.size()) return static_cast<double>(epoch);
  const int64_t begin = epoch_begin_[epoch], end = epoch_begin_[epoch + 1];
  return static_cast<double>(epoch) + static_cast<double>(index - begin) / static_cast<double>(end - begin);
}

}  // namespace hone
