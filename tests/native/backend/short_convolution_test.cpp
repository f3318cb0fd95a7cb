#include "ops/short_convolution.h"

#include "backend/slopes.h"

namespace hone::test {
namespace {

struct Shape {
  int64_t tokens, channels, width, past;
};

/// Documents of five tokens each, as in a packed row; `past` tokens belong to the first one.
std::vector<int32_t> begins(const Shape& s) {
  std::vector<int32_t> all;
  for (int64_t t = 0; t < s.tokens; ++t) all.push_back(static_cast<int32_t>(s.past > 0 ? 0 : t / 5 * 5));
  return all;
}

auto forward(const Shape& s) {
  return [=](Bench& bench) {
    const Tensor input = bench.floats(s.tokens, 3 * s.channels, noise(s.tokens * 3 * s.channels, 1), 2, 1);
    const Tensor w = bench.floats(s.channels, s.width, noise(s.channels * s.width, 2));
    const int64_t all = s.past + s.tokens;
    const Tensor history = bench.floats(all, s.channels, noise(all * s.channels, 3));
    const Tensor y = bench.floats(s.tokens, s.channels, noise(s.tokens * s.channels, 4), 1, 3);
    bench->run(ops::ShortConvolution{input, w, history, y, bench.integers(begins(s)), s.past});
    return Results{values_of(y), values_of(history)};
  };
}

struct Backward {
  Tensor input, w, history, y, dy, dinput, begin;

  Backward(Bench& bench, const Shape& s)
      : input(bench.floats(s.tokens, 3 * s.channels, noise(s.tokens * 3 * s.channels, 1), 2, 1)),
        w(bench.floats(s.channels, s.width, noise(s.channels * s.width, 2))),
        history(bench.floats(s.tokens, s.channels, noise(s.tokens * s.channels, 3))),
        y(bench.floats(s.tokens, s.channels, noise(s.tokens * s.channels, 4))),
        dy(bench.floats(s.tokens, s.channels, noise(s.tokens * s.channels, 5), 1, 1)),
        dinput(bench.floats(s.tokens, 3 * s.channels, noise(s.tokens * 3 * s.channels, 6))),
        begin(bench.integers(begins(s))) {}

  void run_forward(Bench& bench) const { bench->run(ops::ShortConvolution{input, w, history, y, begin, 0}); }

  void run(Bench& bench) const {
    run_forward(bench);
    bench->run(ops::ShortConvolutionBackward{input, w, history, dy, dinput, begin});
  }
};

}  // namespace

TEST("a short convolution and its gradient agree with the reference, also across documents and after a past") {
  for (const Shape& s : {Shape{1, 1, 1, 0}, {1, 5, 3, 0}, {7, 3, 4, 0}, {12, 33, 3, 0}, {2, 8, 5, 0}}) {
    check_scene(forward(s), 1e-5, "forward");
    check_scene(
        [&](Bench& bench) {
          const Backward scene(bench, s);
          scene.run(bench);
          return Results{values_of(scene.dinput)};
        },
        1e-5, "backward");
  }
  check_scene(forward({1, 9, 3, 1}), 1e-5, "one token after one");
  check_scene(forward({4, 9, 3, 6}), 1e-5, "a chunk after a past");
  check_thread_independence(forward({700, 65, 3, 0}), "threads");
}

TEST("the gradient of a short convolution is its slope") {
  const Shape s{8, 3, 3, 0};
  Bench bench(make_reference_backend());
  const Backward scene(bench, s);
  scene.run(bench);
  const auto output = [&] {
    scene.run_forward(bench);
    return weighted_sum(scene.y, scene.dy);
  };
  check_slopes(output, scene.input, scene.dinput);
}

TEST("a short convolution does not see tokens of the document before") {
  Bench bench(make_reference_backend());
  const std::vector<float> ones(6 * 3, 1);
  const Tensor input = bench.floats(6, 3, ones), w = bench.floats(1, 3, {1, 10, 100});
  const Tensor history = bench.floats(6, 1, noise(6, 1)), y = bench.floats(6, 1, noise(6, 2));
  bench->run(ops::ShortConvolution{input, w, history, y, bench.integers({0, 0, 0, 3, 3, 3}), 0});
  CHECK(values_of(y) == (std::vector<float>{100, 110, 111, 100, 110, 111}));
}

TEST("shapes that do not belong to a short convolution are refused") {
  Bench bench(make_reference_backend());
  const Tensor y = bench.floats(2, 4, noise(8, 1)), w = bench.floats(4, 3, noise(12, 2));
  const Tensor narrow = bench.floats(2, 8, noise(16, 3)), begin = bench.integers({0, 0});
  CHECK_ERROR("internal", (bench->run(ops::ShortConvolution{narrow, w, y, y, begin, 0}), 0));
}

}  // namespace hone::test
