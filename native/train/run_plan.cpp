#include "train/run_plan.h"

#include "core/random.h"
#include "train/streams.h"

#include <algorithm>
#include <utility>

namespace hone {

RunPlan plan_run(const Recipe& recipe, std::vector<int64_t> lengths, int64_t longest_validation) {
  const int64_t longest = std::max(longest_validation, *std::ranges::max_element(lengths));
  DataOrder order(std::move(lengths), {.epochs = recipe.epochs,
                                       .max_steps = recipe.max_steps,
                                       .batch_size = recipe.batch_size,
                                       .batch_tokens = recipe.batch_tokens,
                                       .accumulation = recipe.accumulation,
                                       .seed = derive_key(recipe.seed, kOrderStream)});
  const int64_t row = recipe.packing ? std::max(order.longest_batch(), longest) : longest;
  return {std::move(order), longest, row};
}

}  // namespace hone
