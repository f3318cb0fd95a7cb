#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hone {

float learning_rate_at(Schedule schedule, float rate, int64_t warmup, float floor, int64_t k, int64_t total) noexcept {
  if (k < warmup) return static_cast<float>(rate * static_cast<double>(k + 1) / static_cast<double>(warmup));
  const auto span = static_cast<double>(std::max<int64_t>(1, total - warmup));
  const double done = std::clamp(static_cast<double>(k - warmup) / span, 0.0, 1.0);
  double share = 1;
  if (schedule == Schedule::linear) share = floor + (1 - floor) * (1 - done);
  if (schedule == Schedule::cosine) share = floor + (1 - floor) * 0.5 * (1 + std::cos(std::numbers::pi * done));
  return static_cast<float>(rate * share);
}

}  // namespace hone
