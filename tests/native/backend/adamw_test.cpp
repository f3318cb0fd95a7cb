#include "ops/adamw.h"

#include "backend/backends.h"

namespace hone::test {
namespace {

auto adamw_scene(int64_t rows, int64_t n) {
  return [=](Bench& bench) {
    const Tensor w = bench.floats(rows, n, noise(rows * n, 1), 3, 1), g = bench.floats(rows, n, noise(rows * n, 2), 1);
    const Tensor m = bench.floats(rows, n, std::vector<float>(rows * n)),
        v = bench.floats(rows, n, std::vector<float>(rows * n));
    for (int64_t step = 1; step <= 3; ++step) {
      bench->run(ops::AdamW{w, g, m, v, step, 1e-2f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.25f});
    }
    return std::vector{values_of(w), values_of(m), values_of(v)};
  };
}

auto squares_scene(int64_t rows, int64_t n) {
  return [=](Bench& bench) {
    const Tensor out = bench.doubles(2.5);
    bench->run(ops::SumSquares{bench.floats(rows, n, noise(rows * n, 1), 3, 1), out});
    return Results{std::vector<float>{static_cast<float>(values_of<double>(out)[0])}};
  };
}

}  // namespace

TEST("steps of AdamW agree with the reference") {
  for (const int64_t n : {1, 2, 3, 7, 31, 33, 257}) {
    check_against_reference(adamw_scene(3, n), 3e-6, std::to_string(n));
    check_against_reference(squares_scene(3, n), 1e-6, std::to_string(n));
  }
  check_thread_independence(adamw_scene(500, 256), "adamw");
  check_thread_independence(squares_scene(500, 256), "sum of squares");
}

TEST("the first step of AdamW moves every weight by the learning rate") {
  Bench bench(make_reference_backend());
  const Tensor w = bench.floats(1, 2, {1.0f, -1.0f}), g = bench.floats(1, 2, {0.3f, -20.0f});
  const Tensor m = bench.floats(1, 2, {0, 0}), v = bench.floats(1, 2, {0, 0});
  bench->run(ops::AdamW{w, g, m, v, 1, 0.5f, 0.9f, 0.999f, 1e-8f, 0, 1});
  CHECK_AT_MOST(std::fabs(w.row<float>()[0] - 0.5f), 1e-5f);
  CHECK_AT_MOST(std::fabs(w.row<float>()[1] + 0.5f), 1e-5f);
}

}  // namespace hone::test
