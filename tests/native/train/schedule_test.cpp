#include "train/schedule.h"

#include "support/test.h"
#include "train/data_order.h"

#include <cmath>
#include <set>

using namespace hone;

namespace {

float rate(Schedule schedule, int64_t k, int64_t warmup = 0, float floor = 0) {
  return learning_rate_at(schedule, 1.0f, warmup, floor, k, 10);
}

}  // namespace

TEST("warm-up begins above zero and ends at the full rate") {
  CHECK_EQUAL(rate(Schedule::constant, 0, 4), 0.25f);
  CHECK_EQUAL(rate(Schedule::constant, 3, 4), 1.0f);
  CHECK_EQUAL(rate(Schedule::constant, 9, 4), 1.0f);
}

TEST("linear and cosine fall from the full rate towards the floor") {
  CHECK_EQUAL(rate(Schedule::linear, 0), 1.0f);
  CHECK_AT_MOST(std::abs(rate(Schedule::linear, 5) - 0.5f), 1e-6f);
  CHECK_AT_MOST(std::abs(rate(Schedule::cosine, 5) - 0.5f), 1e-6f);
  CHECK_AT_MOST(std::abs(rate(Schedule::linear, 5, 0, 0.2f) - 0.6f), 1e-6f);
  const float late = 0.1f + 0.9f * 0.5f * (1 + std::cos(3.14159265f * 0.9f));
  CHECK_AT_MOST(std::abs(rate(Schedule::cosine, 9, 0, 0.1f) - late), 1e-6f);
  CHECK_EQUAL(rate(Schedule::linear, 2, 2), 1.0f);
}

TEST("every epoch sees every example once, in a new order") {
  DataOrder order(std::vector<int64_t>(10, 5), {.epochs = 2, .batch_size = 2, .accumulation = 2, .seed = 4});
  CHECK_EQUAL(order.total_steps(), 6);  // 10 examples: two full steps of four, one of two, twice
  std::vector<std::vector<uint32_t>> epochs(2);
  for (int64_t step = 0; step < 6; ++step) {
    for (const auto& batch : order.step(step)) {
      for (const uint32_t example : batch) epochs[static_cast<size_t>(step / 3)].push_back(example);
    }
  }
  for (const auto& epoch : epochs) CHECK_EQUAL(std::set<uint32_t>(epoch.begin(), epoch.end()).size(), 10u);
  CHECK(epochs[0] != epochs[1]);
  CHECK_AT_MOST(std::abs(order.epoch_at(3) - 1), 1e-9);
}

TEST("micro-batches by tokens hold whole examples up to the budget") {
  DataOrder order({30, 50, 20, 0, 90, 10, 60}, {.epochs = 1, .batch_tokens = 64, .accumulation = 1, .seed = 1});
  size_t seen = 0;
  const std::vector<int64_t> lengths = {30, 50, 20, 0, 90, 10, 60};
  for (int64_t step = 0; step < order.total_steps(); ++step) {
    int64_t tokens = 0;
    const MicroBatch batch = order.step(step).front();
    for (const uint32_t example : batch) tokens += lengths[example];
    if (batch.size() > 1) CHECK_AT_MOST(tokens, 64);
    seen += batch.size();
  }
  CHECK_EQUAL(seen, 6u);  // the example of length 0 teaches nothing
  CHECK_EQUAL(order.longest_batch(), 90);
}

TEST("a step asked for out of order has the plan it has in order") {
  const OrderOptions options{.epochs = 1, .max_steps = 20, .batch_size = 3, .seed = 2};
  DataOrder forward(std::vector<int64_t>(7, 4), options), direct(std::vector<int64_t>(7, 4), options);
  CHECK_EQUAL(forward.total_steps(), 20);
  for (int64_t step = 0; step < 17; ++step) forward.step(step);
  CHECK(forward.step(17) == direct.step(17));
  CHECK(forward.step(2) == direct.step(2));
}
