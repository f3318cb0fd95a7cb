#include "ops/lora.h"

#include "backend/backends.h"
#include "backend/slopes.h"

namespace hone::test {
namespace {

struct Shape {
  int64_t tokens, in, rank, out;
};

constexpr Shape kShapes[] = {{1, 1, 1, 1}, {2, 7, 3, 5}, {7, 33, 8, 31}, {31, 257, 2, 17}, {130, 64, 16, 96},
    {65, 31, 24, 257}};

std::string text(const Shape& s) {
  return std::to_string(s.tokens) + " x " + std::to_string(s.in) + " x " + std::to_string(s.rank) + " x " +
         std::to_string(s.out);
}

auto forward_scene(const Shape& s, float rate) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 1), 2, 1);
    const Tensor a = bench.floats(s.rank, s.in, noise(s.rank * s.in, 2));
    const Tensor b = bench.floats(s.out, s.rank, noise(s.out * s.rank, 3));
    const Tensor u = bench.floats(s.tokens, s.rank, noise(s.tokens * s.rank, 4));
    const Tensor y = bench.floats(s.tokens, s.out, noise(s.tokens * s.out, 5), 1, 3);
    bench->run(ops::Lora{x, a, b, u, y, 0.5f, {rate, 77}});
    return std::vector{values_of(u), values_of(y)};
  };
}

auto backward_scene(const Shape& s, float rate, bool trained, bool below) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 1), 2, 1);
    const Tensor a = bench.floats(s.rank, s.in, noise(s.rank * s.in, 2));
    const Tensor b = bench.floats(s.out, s.rank, noise(s.out * s.rank, 3));
    const Tensor u = bench.floats(s.tokens, s.rank, noise(s.tokens * s.rank, 4));
    const Tensor dy = bench.floats(s.tokens, s.out, noise(s.tokens * s.out, 5), 1, 3);
    const Tensor da = bench.floats(s.rank, s.in, noise(s.rank * s.in, 6));
    const Tensor db = bench.floats(s.out, s.rank, noise(s.out * s.rank, 7));
    const Tensor dx = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 8), 3, 1);
    ops::LoraBackward op{x, a, b, u, dy, {}, {}, {}, 0.5f, {rate, 77}};
    if (trained) op.da = da, op.db = db;
    if (below) op.dx = dx;
    bench->run(op);
    return std::vector{values_of(da), values_of(db), values_of(dx)};
  };
}

}  // namespace

TEST("adapters agree with the reference, with and without dropout") {
  for (const Shape& s : kShapes) {
    for (const float rate : {0.0f, 0.3f}) {
      check_against_reference(forward_scene(s, rate), 2e-5, text(s));
      for (const bool trained : {false, true}) {
        for (const bool below : {false, true}) {
          check_against_reference(backward_scene(s, rate, trained, below), 2e-5, "backward " + text(s));
        }
      }
    }
  }
}

TEST("adapters do not depend on the number of threads") {
  for (const float rate : {0.0f, 0.3f}) {
    check_thread_independence(forward_scene({400, 256, 8, 256}, rate), "forward");
    check_thread_independence(backward_scene({400, 256, 8, 256}, rate, true, true), "backward");
  }
}

TEST("the gradients of an adapter are the slopes of its output") {
  for (const float rate : {0.0f, 0.4f}) {
    Bench bench(make_reference_backend());
    const int64_t tokens = 3, in = 5, rank = 2, out = 4;
    const Tensor x = bench.floats(tokens, in, noise(tokens * in, 1)), a = bench.floats(rank, in, noise(rank * in, 2));
    const Tensor b = bench.floats(out, rank, noise(out * rank, 3)), u = bench.floats(tokens, rank, noise(6, 4));
    const Tensor y = bench.floats(tokens, out, noise(tokens * out, 5)), dy = bench.floats(tokens, out, noise(12, 6));
    const Tensor da = bench.floats(rank, in, std::vector<float>(rank * in)),
        db = bench.floats(out, rank, std::vector<float>(8));
    const Tensor dx = bench.floats(tokens, in, std::vector<float>(tokens * in));
    const auto output = [&] {
      bench->run(ops::Fill{y, 0});
      bench->run(ops::Lora{x, a, b, u, y, 1.5f, {rate, 5}});
      return weighted_sum(y, dy);
    };
    output();
    bench->run(ops::LoraBackward{x, a, b, u, dy, da, db, dx, 1.5f, {rate, 5}});
    check_slopes(output, x, dx);
    check_slopes(output, a, da);
    check_slopes(output, b, db);
  }
}

}  // namespace hone::test
