#pragma once

#include "train/recipe.h"

#include <cstdint>

namespace hone {

/// Learning rate of step `k` (from 0) of `total`. Warm-up is (k + 1)/w, so that the first step already learns.
/// The floor is a fraction of the full rate; constant ignores it.
float learning_rate_at(Schedule schedule, float rate, int64_t warmup, float floor, int64_t k, int64_t total) noexcept;

}  // namespace hone
