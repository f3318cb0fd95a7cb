#include "ops/noise.h"

#include "backend/backends.h"

namespace hone::test {
namespace {

auto scene(int64_t tokens, int64_t width, uint64_t key) {
  return [=](Bench& bench) {
    const Tensor y = bench.floats(tokens, width, noise(tokens * width, 1), 3, 1);
    const Tensor scales = bench.floats(tokens, 1, noise(tokens, 2));
    bench->run(ops::AddNoise{y, scales, key});
    return Results{values_of(y)};
  };
}

}  // namespace

TEST("noise is the same on every backend and any number of threads") {
  check_scene(scene(1, 1, 5), 1e-6, "smallest");
  check_scene(scene(7, 33, 5), 1e-6, "rows");
  check_thread_independence(scene(900, 64, 5), "threads");
}

TEST("noise stays within its scale, has no direction, and differs with its key") {
  const auto of = [](uint64_t key) {
    Bench bench(make_reference_backend());
    const Tensor y = bench.floats(100, 40, std::vector<float>(4000, 0));
    bench->run(ops::AddNoise{y, bench.floats(100, 1, std::vector<float>(100, 0.5f)), key});
    return values_of(y);
  };
  const auto values = of(1);
  double sum = 0, squares = 0;
  for (const float value : values) {
    CHECK(value >= -0.5f && value < 0.5f);
    sum += value;
    squares += value * value;
  }
  CHECK_AT_MOST(std::fabs(sum / 4000), 0.02);
  CHECK_AT_MOST(std::fabs(squares / 4000 - 0.25 / 3), 0.01);  // variance of a uniform number in ±0.5
  CHECK(values == of(1) && values != of(2));
}

}  // namespace hone::test
