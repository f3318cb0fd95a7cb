#include "ops/cross_entropy.h"

#include "backend/slopes.h"

namespace hone::test {
namespace {

struct Shape {
  int64_t rows, width, vocabulary;
};

struct Heads {
  Tensor h, w, targets, weights, loss, dh, dw, correct;
};

Heads make_heads(Bench& bench, const Shape& s, DType dtype) {
  std::vector<int32_t> targets;
  for (int64_t n = 0; n < s.rows; ++n) targets.push_back(static_cast<int32_t>(n * 37 % s.vocabulary));
  return {bench.floats(s.rows, s.width, noise(s.rows * s.width, 1), 3, 1),
          bench.weights(dtype, s.vocabulary, s.width, noise(s.vocabulary * s.width, 2)),
          bench.integers(targets),
          bench.floats(s.rows, 1, noise(s.rows, 3)),
          bench.floats(s.rows, 1, noise(s.rows, 4)),
          bench.floats(s.rows, s.width, noise(s.rows * s.width, 5), 1),
          bench.floats(s.vocabulary, s.width, noise(s.vocabulary * s.width, 6), 2),
          bench.integers(std::vector<int32_t>(s.rows, 9))};
}

auto scene(const Shape& s, DType dtype, bool gradient, bool whole,
           ops::Activations activations = ops::Activations::exact) {
  return [=](Bench& bench) {
    const Heads t = make_heads(bench, s, dtype);
    bench->run(ops::CrossEntropy{t.h, t.w, t.targets, t.weights, t.loss, gradient ? t.dh : Tensor{},
                                 whole ? t.dw : Tensor{},
                                 gradient ? t.correct : Tensor{}, activations});
    const auto hits = values_of<int32_t>(t.correct);
    const std::vector<float> correct(hits.begin(), hits.end());
    return std::vector{values_of(t.loss), values_of(t.dh), values_of(t.dw), correct};
  };
}

std::string text(const Shape& s) {
  return std::to_string(s.rows) + " x " + std::to_string(s.width) + " x " + std::to_string(s.vocabulary);
}

}  // namespace

TEST("the loss and its gradients agree with the reference") {
  for (const Shape& s : {Shape{1, 1, 1}, Shape{2, 3, 7}, Shape{7, 31, 33}, Shape{33, 40, 257}, Shape{5, 16, 9001}}) {
    for (const bool gradient : {false, true}) {
      check_against_reference(scene(s, DType::F32, gradient, gradient), 2e-5, text(s));
      check_against_reference(scene(s, DType::F16, gradient, false), 2e-5, text(s));
    }
  }
  for (const DType dtype : {DType::Q6_K, DType::Q8_0, DType::TQ2_0, DType::BF16}) {
    check_against_reference(scene({9, 256, 33}, dtype, true, false), 2e-5, std::string(traits(dtype).name));
  }
}

TEST("the loss is the same without subgroups") {
  check_plain_shaders(scene({7, 31, 300}, DType::F32, true, true), 2e-5, "float32");
}

TEST("rows beyond one chunk of logits are treated like the first") {
  check_against_reference(scene({70, 32, 40000}, DType::F32, true, false), 2e-5, "chunks");
}

TEST("the loss does not depend on the number of threads") {
  check_thread_independence(scene({300, 64, 2048}, DType::F32, true, true), "float32");
  check_thread_independence(scene({300, 256, 2048}, DType::Q6_K, true, false), "Q6_K");
}

TEST("the gradients of the loss are its slopes") {
  Bench bench(make_reference_backend());
  const Heads t = make_heads(bench, {3, 4, 6}, DType::F32);
  bench->run(ops::Fill{t.dw, 0});
  const auto output = [&] {
    bench->run(ops::CrossEntropy{t.h, t.w, t.targets, t.weights, t.loss, {}, {}, {}});
    return weighted_sum(t.loss, t.weights);
  };
  bench->run(ops::CrossEntropy{t.h, t.w, t.targets, t.weights, t.loss, t.dh, t.dw, {}});
  check_slopes(output, t.h, t.dh);
  check_slopes(output, t.w, t.dw);
}

TEST("logits with fine activations stay within 2e-4 of exact ones, whatever the number of threads") {
  check_scene(scene({50, 256, 1000}, DType::Q8_0, true, false, ops::Activations::fine), 2e-4, "Q8_0");
  check_scene(scene({50, 256, 1000}, DType::Q6_K, true, false, ops::Activations::fine), 2e-5, "Q6_K");
}

TEST("a target outside the vocabulary is refused") {
  for (const std::string& isa : instruction_sets()) {
    Bench bench(cpu_with(isa));
    Heads t = make_heads(bench, {1, 4, 6}, DType::F32);
    *t.targets.row<int32_t>() = 6;
    CHECK_ERROR("internal", (bench->run(ops::CrossEntropy{t.h, t.w, t.targets, t.weights, t.loss, t.dh, {}, {}}), 0));
  }
}

}  // namespace hone::test
