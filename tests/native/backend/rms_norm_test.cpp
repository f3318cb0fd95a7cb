#include "ops/rms_norm.h"

#include "backend/slopes.h"

namespace hone::test {
namespace {

auto forward_scene(int64_t rows, int64_t n) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(rows, n, noise(rows * n, 1), 3, 1), w = bench.floats(1, n, noise(n, 2), 0, 1);
    const Tensor y = bench.floats(rows, n, noise(rows * n, 3), 1, 0);
    bench->run(ops::RmsNorm{x, w, y, 1e-5f});
    bench->run(ops::RmsNorm{x, w, x, 1e-5f});  // in place
    return std::vector{values_of(y), values_of(x)};
  };
}

auto backward_scene(int64_t rows, int64_t n, bool accumulate, bool whole) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(rows, n, noise(rows * n, 1), 3, 1), w = bench.floats(1, n, noise(n, 2));
    const Tensor dy = bench.floats(rows, n, noise(rows * n, 3), 1, 1),
        dx = bench.floats(rows, n, noise(rows * n, 4), 2);
    const Tensor dw = bench.floats(1, n, noise(n, 5));
    bench->run(ops::RmsNormBackward{x, w, dy, dx, whole ? dw : Tensor{}, 0.1f, accumulate});
    return std::vector{values_of(dx), values_of(dw)};
  };
}

}  // namespace

TEST("norms agree with the reference for odd lengths and strides") {
  for (const int64_t n : {1, 2, 3, 7, 31, 33, 257}) {
    for (const int64_t rows : {1, 5}) {
      check_against_reference(forward_scene(rows, n), 1e-5, std::to_string(n));
      for (const bool flag : {false, true}) {
        check_against_reference(backward_scene(rows, n, flag, false), 1e-5, std::to_string(n));
        check_against_reference(backward_scene(rows, n, flag, true), 1e-5, std::to_string(n));
      }
    }
  }
}

TEST("norms are the same without subgroups") {
  for (const int64_t n : {1, 33, 257, 1000}) {
    check_plain_shaders(forward_scene(3, n), 1e-5, std::to_string(n));
    check_plain_shaders(backward_scene(3, n, true, true), 1e-5, std::to_string(n));
  }
}

TEST("norms do not depend on the number of threads") {
  check_thread_independence(forward_scene(700, 256), "forward");
  check_thread_independence(backward_scene(700, 256, true, true), "backward");
}

TEST("the gradients of a norm are its slopes") {
  Bench bench(make_reference_backend());
  const Tensor x = bench.floats(3, 7, noise(21, 1)), w = bench.floats(1, 7, noise(7, 2)),
      y = bench.floats(3, 7, noise(21, 3));
  const Tensor dy = bench.floats(3, 7, noise(21, 4)), dx = bench.floats(3, 7, noise(21, 5));
  const Tensor dw = bench.floats(1, 7, std::vector<float>(7));
  const auto output = [&] {
    bench->run(ops::RmsNorm{x, w, y, 1e-2f});
    return weighted_sum(y, dy);
  };
  bench->run(ops::RmsNormBackward{x, w, dy, dx, dw, 1e-2f, false});
  check_slopes(output, x, dx);
  check_slopes(output, w, dw);
}

}  // namespace hone::test
