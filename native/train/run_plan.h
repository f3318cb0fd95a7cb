#pragma once

#include "train/data_order.h"
#include "train/recipe.h"

#include <cstdint>
#include <vector>

namespace hone {

/// What a run will do, known from the lengths of its examples alone.
struct RunPlan {
  DataOrder order;
  int64_t longest = 0;     ///< tokens of the longest example, training or validation
  int64_t row_tokens = 0;  ///< tokens that go through the model at once, at most
};

/// `lengths` of the training examples in tokens, after cutting; 0 for those that teach nothing. At least one must not
/// be 0.
RunPlan plan_run(const Recipe& recipe, std::vector<int64_t> lengths, int64_t longest_validation);

}  // namespace hone
