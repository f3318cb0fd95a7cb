#include "ops/attention.h"

#include "backend/slopes.h"
#include "ops/elementwise.h"

namespace hone::test {
namespace {

struct Shape {
  int64_t tokens, past, heads, groups, d;
};

std::string text(const Shape& s) {
  return std::to_string(s.tokens) + " after " + std::to_string(s.past) + ", " + std::to_string(s.heads) + "/" +
         std::to_string(s.groups) + " heads of " + std::to_string(s.d);
}

/// Causal; or in documents of `run` tokens; or with a window of `run`.
enum class Mask { causal, documents, window };

std::vector<int32_t> begins(const Shape& s, Mask mask, int64_t run) {
  std::vector<int32_t> values;
  for (int64_t t = s.past; t < s.past + s.tokens; ++t) {
    const int64_t begin = mask == Mask::causal ? 0 : mask == Mask::documents ? t / run * run :
        std::max<int64_t>(0, t - run + 1);
    values.push_back(static_cast<int32_t>(begin));
  }
  return values;
}

auto forward_scene(const Shape& s, Mask mask, int64_t run) {
  return [=](Bench& bench) {
    const int64_t keys = s.past + s.tokens, width = s.heads * s.d, narrow = s.groups * s.d;
    const Tensor q = bench.floats(s.tokens, width, noise(s.tokens * width, 1), 3, 1);
    const Tensor k = bench.floats(keys, narrow, noise(keys * narrow, 2), 5, 1);
    const Tensor v = bench.floats(keys, narrow, noise(keys * narrow, 3), 1, 3);
    const Tensor o = bench.floats(s.tokens, width, noise(s.tokens * width, 4), 2, 1);
    const Tensor lse = bench.floats(s.tokens, s.heads, noise(s.tokens * s.heads, 5));
    bench->run(ops::Attention{q, k, v, o, bench.integers(begins(s, mask, run)), lse, s.heads, s.groups, s.past, 0.7f});
    return std::vector{values_of(o), values_of(lse)};
  };
}

/// Keys and values as a cache keeps them.
auto stored_scene(const Shape& s, DType dtype) {
  return [=](Bench& bench) {
    const int64_t keys = s.past + s.tokens, width = s.heads * s.d, narrow = s.groups * s.d;
    const Tensor q = bench.floats(s.tokens, width, noise(s.tokens * width, 1), 3, 1);
    const Tensor k = bench.weights(dtype, keys, narrow, std::vector<float>(keys * narrow, 0.25f));
    const Tensor v = bench.weights(dtype, keys, narrow, std::vector<float>(keys * narrow, 0.25f));
    // Written by the op that fills caches, the last row first.
    for (int64_t row = keys - 1; row >= 0; --row) {
      bench->run(ops::Copy{bench.floats(1, narrow, noise(narrow, 20 + row)), k.slice_rows(row, 1)});
      bench->run(ops::Copy{bench.floats(1, narrow, noise(narrow, 900 + row)), v.slice_rows(row, 1)});
    }
    const Tensor o = bench.floats(s.tokens, width, noise(s.tokens * width, 4), 2, 1);
    const Tensor lse = bench.floats(s.tokens, s.heads, noise(s.tokens * s.heads, 5));
    const Tensor begin = bench.integers(begins(s, Mask::window, 40));
    bench->run(ops::Attention{q, k, v, o, begin, lse, s.heads, s.groups, s.past, 0.7f});
    return std::vector{values_of(o), values_of(lse)};
  };
}

/// As `check_scene`, without a GPU, whose caches are float32.
template <class Scene>
void check_on_cpu(const Scene& scene, const std::string& label) {
  Bench reference(make_reference_backend());
  const Results expected = scene(reference);
  for (const std::string& isa : instruction_sets()) {
    Bench cpu(cpu_with(isa));
    check_results(scene(cpu), expected, 2e-5, label + ", " + isa);
  }
  check_thread_independence(scene, label);
}

auto backward_scene(const Shape& s, Mask mask, int64_t run) {
  return [=](Bench& bench) {
    const int64_t width = s.heads * s.d, narrow = s.groups * s.d;
    const Tensor q = bench.floats(s.tokens, width, noise(s.tokens * width, 1), 3, 1);
    const Tensor k = bench.floats(s.tokens, narrow, noise(s.tokens * narrow, 2), 5, 1);
    const Tensor v = bench.floats(s.tokens, narrow, noise(s.tokens * narrow, 3), 1, 3);
    const Tensor o = bench.floats(s.tokens, width, noise(s.tokens * width, 4));
    const Tensor lse = bench.floats(s.tokens, s.heads, noise(s.tokens * s.heads, 5));
    const Tensor begin = bench.integers(begins(s, mask, run));
    bench->run(ops::Attention{q, k, v, o, begin, lse, s.heads, s.groups, 0, 0.7f});
    const Tensor d_o = bench.floats(s.tokens, width, noise(s.tokens * width, 6), 1, 1);
    const Tensor dq = bench.floats(s.tokens, width, noise(s.tokens * width, 7), 1);
    const Tensor dk = bench.floats(s.tokens, narrow, noise(s.tokens * narrow, 8), 3, 1);
    const Tensor dv = bench.floats(s.tokens, narrow, noise(s.tokens * narrow, 9), 2);
    bench->run(ops::AttentionBackward{q, k, v, o, lse, d_o, dq, dk, dv, begin, s.heads, s.groups, 0.7f});
    return std::vector{values_of(dq), values_of(dk), values_of(dv)};
  };
}

}  // namespace

TEST("attention agrees with the reference for odd shapes, grouped heads, caches and masks") {
  for (const Shape& s : {Shape{1, 0, 1, 1, 1}, Shape{2, 0, 2, 1, 3}, Shape{7, 0, 3, 3, 7}, Shape{1, 130, 4, 2, 32},
                         Shape{2, 65, 2, 2, 16}, Shape{33, 0, 4, 2, 8}, Shape{65, 0, 2, 1, 24}, Shape{64, 64, 2, 2, 33},
                         Shape{31, 100, 6, 2, 16}, Shape{257, 0, 2, 1, 64}}) {
    check_against_reference(forward_scene(s, Mask::causal, 0), 2e-5, text(s));
    check_against_reference(forward_scene(s, Mask::documents, 50), 2e-5, "documents, " + text(s));
    check_against_reference(forward_scene(s, Mask::window, 20), 2e-5, "window, " + text(s));
  }
}

TEST("attention reads keys and values that are stored in less than 32 bits") {
  for (const DType dtype : {DType::F16, DType::Q8_0}) {
    for (const Shape& s : {Shape{1, 0, 2, 1, 32}, Shape{1, 130, 4, 2, 64}, Shape{2, 65, 2, 2, 32}, Shape{33, 70, 4, 2, 96}}) {
      check_on_cpu(stored_scene(s, dtype), std::string(traits(dtype).name) + ", " + text(s));
    }
  }
  check_on_cpu(stored_scene({7, 90, 3, 3, 20}, DType::F16), "F16 heads of no whole block");
}

TEST("the backward pass of attention agrees with the reference") {
  for (const Shape& s : {Shape{1, 0, 1, 1, 1}, Shape{2, 0, 2, 1, 3}, Shape{7, 0, 3, 3, 7}, Shape{33, 0, 4, 2, 8},
                         Shape{65, 0, 2, 1, 24}, Shape{129, 0, 2, 2, 33}, Shape{257, 0, 2, 1, 32}}) {
    check_against_reference(backward_scene(s, Mask::causal, 0), 5e-5, text(s));
    check_against_reference(backward_scene(s, Mask::documents, 50), 5e-5, "documents, " + text(s));
    check_against_reference(backward_scene(s, Mask::window, 20), 5e-5, "window, " + text(s));
  }
}

TEST("attention does not depend on the number of threads") {
  for (const int64_t groups : {1, 2, 4}) {
    check_thread_independence(forward_scene({200, 0, 4, groups, 32}, Mask::causal, 0), "forward");
    check_thread_independence(forward_scene({1, 900, 4, groups, 64}, Mask::causal, 0), "one token");
    check_thread_independence(backward_scene({200, 0, 4, groups, 32}, Mask::causal, 0), "backward");
    check_thread_independence(backward_scene({200, 0, 4, groups, 32}, Mask::documents, 70), "documents");
  }
}

TEST("large scores do not overflow") {
  check_against_reference(
      [](Bench& bench) {
        std::vector<float> large = noise(70 * 8, 1);
        for (float& value : large) value *= 60;
        const Tensor q = bench.floats(70, 8, large), k = bench.floats(70, 8, large),
            v = bench.floats(70, 8, noise(560, 2));
        const Tensor o = bench.floats(70, 8, noise(560, 3)), lse = bench.floats(70, 1, noise(70, 4));
        bench->run(ops::Attention{q, k, v, o, bench.integers(std::vector<int32_t>(70, 0)), lse, 1, 1, 0, 1.0f});
        return std::vector{values_of(o), values_of(lse)};
      },
      1e-3, "large");
}

TEST("the gradients of attention are its slopes") {
  Bench bench(make_reference_backend());
  const Shape s{5, 0, 4, 2, 3};
  const Tensor q = bench.floats(5, 12, noise(60, 1)), k = bench.floats(5, 6, noise(30, 2)),
      v = bench.floats(5, 6, noise(30, 3));
  const Tensor o = bench.floats(5, 12, noise(60, 4)), d_o = bench.floats(5, 12, noise(60, 5)),
      lse = bench.floats(5, 4, noise(20, 6));
  const Tensor dq = bench.floats(5, 12, noise(60, 7)), dk = bench.floats(5, 6, noise(30, 8)),
      dv = bench.floats(5, 6, noise(30, 9));
  const Tensor begin = bench.integers(begins(s, Mask::window, 3));
  const auto output = [&] {
    bench->run(ops::Attention{q, k, v, o, begin, lse, 4, 2, 0, 0.9f});
    return weighted_sum(o, d_o);
  };
  output();
  bench->run(ops::AttentionBackward{q, k, v, o, lse, d_o, dq, dk, dv, begin, 4, 2, 0.9f});
  check_slopes(output, q, dq);
  check_slopes(output, k, dk);
  check_slopes(output, v, dv);
}

}  // namespace hone::test
