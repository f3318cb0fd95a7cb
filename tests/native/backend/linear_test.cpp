#include "ops/linear.h"

#include "backend/backends.h"

namespace hone::test {
namespace {

struct Shape {
  int64_t tokens, in, out;
};

std::string text(const Shape& s) {
  return std::to_string(s.tokens) + " x " + std::to_string(s.in) + " x " + std::to_string(s.out);
}

constexpr Shape kOddShapes[] = {{1, 1, 1},     {2, 3, 7},   {3, 7, 31},   {7, 31, 33},   {5, 33, 17},
                                {31, 257, 15}, {1, 257, 9}, {4, 33, 257}, {33, 257, 64}, {97, 300, 130},
                                {200, 513, 129}};

auto linear_scene(const Shape& s, DType dtype, ops::Activations activations, bool accumulate) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 1), 3, 1);
    const Tensor w = bench.weights(dtype, s.out, s.in, noise(s.out * s.in, 2));
    const Tensor y = bench.floats(s.tokens, s.out, noise(s.tokens * s.out, 3), 5, 3);
    bench->run(ops::Linear{x, w, y, activations, accumulate});
    return Results{values_of(y)};
  };
}

auto backward_scene(const Shape& s, DType dtype, bool accumulate,
                    ops::Activations activations = ops::Activations::exact) {
  return [=](Bench& bench) {
    const Tensor dy = bench.floats(s.tokens, s.out, noise(s.tokens * s.out, 4), 1, 3);
    const Tensor w = bench.weights(dtype, s.out, s.in, noise(s.out * s.in, 5));
    const Tensor dx = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 6), 7, 1);
    bench->run(ops::LinearBackward{dy, w, dx, activations, accumulate});
    return Results{values_of(dx)};
  };
}

constexpr DType kBlockTypes[] = {DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0,   DType::IQ4_NL,
                                 DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K,   DType::TQ1_0,
                                 DType::TQ2_0, DType::I2_S};
constexpr DType kTernaryTypes[] = {DType::TQ1_0, DType::TQ2_0, DType::I2_S};

}  // namespace

TEST("linear agrees with the reference for floats of odd shapes, strides and offsets") {
  for (const Shape& s : kOddShapes) {
    for (const DType dtype : {DType::F32, DType::F16, DType::BF16}) {
      for (const bool accumulate : {false, true}) {
        check_against_reference(linear_scene(s, dtype, ops::Activations::exact, accumulate), 2e-5, text(s));
        check_against_reference(backward_scene(s, dtype, accumulate), 2e-5, "backward " + text(s));
      }
    }
  }
}

TEST("linear agrees with the reference for every block type") {
  for (const DType dtype : kBlockTypes) {
    for (const Shape& s : {Shape{1, 512, 33}, Shape{3, 256, 7}, Shape{7, 512, 31}, Shape{70, 768, 50}}) {
      const std::string label = std::string(traits(dtype).name) + " " + text(s);
      check_against_reference(linear_scene(s, dtype, ops::Activations::exact, false), 2e-5, label);
      check_against_reference(backward_scene(s, dtype, true), 2e-5, "backward " + label);
    }
  }
}

TEST("rounded products of ternary matrices are exact up to the sum of the block scales") {
  for (const DType dtype : kTernaryTypes) {
    for (const Shape& s : {Shape{1, 256, 1}, Shape{1, 1536, 33}, Shape{4, 512, 17}, Shape{5, 256, 16},
                           Shape{61, 768, 50}, Shape{130, 1024, 257}}) {
      for (const bool accumulate : {false, true}) {
        check_against_reference(linear_scene(s, dtype, ops::Activations::rounded, accumulate), 3e-6,
                                std::string(traits(dtype).name) + " " + text(s));
      }
    }
  }
}

TEST("products with fine activations stay within 1e-4 of exact ones, outliers included") {
  for (const DType dtype : {DType::Q8_0, DType::Q4_0, DType::Q4_K, DType::F16}) {
    for (const Shape& s : {Shape{1, 256, 33}, Shape{12, 256, 16}, Shape{13, 512, 31}, Shape{70, 768, 50},
                           Shape{200, 256, 129}}) {
      for (const bool accumulate : {false, true}) {
        check_scene(linear_scene(s, dtype, ops::Activations::fine, accumulate), 1e-4,
                    std::string(traits(dtype).name) + " " + text(s));
      }
    }
  }
}

TEST("fine activations keep what is not a number, and zeros") {
  const auto scene = [](float special) {
    return [=](Bench& bench) {
      std::vector<float> values = noise(20 * 64, 7);
      std::fill_n(values.begin() + 64, 64, 0.0f);  // token 1
      values[3 * 64 + 40] = special;               // token 3
      const Tensor x = bench.floats(20, 64, values);
      const Tensor w = bench.weights(DType::Q8_0, 17, 64, noise(17 * 64, 8));
      const Tensor y = bench.floats(20, 17, noise(20 * 17, 9));
      bench->run(ops::Linear{x, w, y, ops::Activations::fine, false});
      return Results{values_of(y)};
    };
  };
  check_against_reference(scene(1e4f), 2e-3, "outlier");  // its 31 neighbours are rounded in steps of 0.3
  for (const std::string& isa : instruction_sets()) {
    Bench bench(cpu_with(isa));
    const auto y = scene(NAN)(bench)[0];
    for (size_t i = 0; i < y.size(); ++i) {
      CHECK_EQUAL(std::isnan(y[i]), i / 17 == 3);
      if (i / 17 == 1) CHECK_EQUAL(y[i], 0.0f);
    }
  }
}

TEST("products are the same on a GPU without subgroups and integer dot products") {
  for (const DType dtype : {DType::F32, DType::Q4_0, DType::Q6_K}) {
    check_plain_shaders(linear_scene({2, 512, 33}, dtype, ops::Activations::exact, true), 2e-5, "few tokens");
  }
  for (const DType dtype : kTernaryTypes) {
    for (const Shape& s : {Shape{1, 1536, 33}, Shape{37, 768, 70}}) {
      check_plain_shaders(linear_scene(s, dtype, ops::Activations::rounded, true), 3e-6, text(s));
    }
  }
}

TEST("rounded products of ternary matrices are the same bits on every instruction set") {
  for (const DType dtype : kTernaryTypes) {
    for (const Shape& s : {Shape{1, 1536, 33}, Shape{3, 512, 17}, Shape{13, 256, 16}, Shape{61, 768, 50}}) {
      const auto scene = linear_scene(s, dtype, ops::Activations::rounded, true);
      Bench scalar(cpu_with("scalar"));
      const auto expected = scene(scalar)[0];
      for (const std::string& isa : instruction_sets()) {
        Bench bench(cpu_with(isa));
        const auto found = scene(bench)[0];
        for (size_t i = 0; i < found.size(); ++i) {
          if (found[i] != expected[i]) fail(__FILE__, __LINE__, (isa + " " + text(s)).c_str(), found[i], expected[i]);
        }
      }
    }
  }
}

TEST("the rounded backward product is within 16 bits of the exact one, and the same bits on every instruction set") {
  // Weights as in true BitNet models: one scale, and whole blocks of zeros.
  const auto scene = [](const Shape& s, DType dtype, bool accumulate) {
    return [=](Bench& bench) {
      auto values = noise(s.out * s.in, 5);
      for (float& value : values) value = value > 0.3f ? 0.375f : value < -0.3f ? -0.375f : 0.0f;
      std::fill_n(values.begin(), 256, 0.0f);
      auto gradient = noise(s.tokens * s.out, 4);
      std::fill_n(gradient.begin(), s.out, 0.0f);
      for (int64_t o = 0; o < s.out; ++o) gradient[static_cast<size_t>(s.out + o)] *= 1e-12f;
      const Tensor dy = bench.floats(s.tokens, s.out, gradient, 1, 3);
      const Tensor w = bench.weights(dtype, s.out, s.in, values);
      const Tensor dx = bench.floats(s.tokens, s.in, std::vector<float>(s.tokens * s.in, 0.0f), 7, 1);
      bench->run(ops::LinearBackward{dy, w, dx, ops::Activations::rounded, accumulate});
      Results rows;
      for (int64_t t = 0; t < s.tokens; ++t) rows.push_back(values_of(dx.slice_rows(t, 1)));
      return rows;
    };
  };
  for (const DType dtype : kTernaryTypes) {
    for (const Shape& s : {Shape{8, 256, 1}, Shape{13, 512, 31}, Shape{61, 768, 300}, Shape{200, 1024, 257}}) {
      for (const bool accumulate : {false, true}) {
        const std::string label = std::string(traits(dtype).name) + " " + text(s);
        check_scene(scene(s, dtype, accumulate), 1e-4, label);
        Bench scalar(cpu_with("scalar"));
        const Results expected = scene(s, dtype, accumulate)(scalar);
        for (const std::string& isa : instruction_sets()) {
          Bench bench(cpu_with(isa));
          if (scene(s, dtype, accumulate)(bench) != expected) fail(__FILE__, __LINE__, label.c_str(), isa, "scalar");
        }
      }
    }
  }
}

TEST("matrices whose blocks differ in scale have an exact backward product, rounded or not") {
  check_against_reference(backward_scene({70, 768, 50}, DType::TQ2_0, true, ops::Activations::rounded), 2e-5, "mixed");
}

TEST("inputs of matrices without an integer product are rounded all the same") {
  for (const DType dtype : {DType::F32, DType::F16, DType::Q8_0}) {
    for (const Shape& s : {Shape{2, 256, 9}, Shape{40, 512, 33}}) {
      check_against_reference(linear_scene(s, dtype, ops::Activations::rounded, false), 2e-5, text(s));
    }
  }
}

TEST("the unused code 3 of TQ2_0 counts twice, in every product and with the largest inputs") {
  const auto scene = [](int64_t tokens, ops::Activations activations) {
    return [=](Bench& bench) {
      const Tensor x = bench.floats(tokens, 512, std::vector<float>(tokens * 512, -1.0f));
      std::vector<std::byte> image(20 * 132);
      const auto values = noise(512, 2);
      for (size_t r = 0; r < 20; ++r) {
        encode_row(DType::TQ2_0, values.data(), image.data() + r * 132, 512);
        std::memset(image.data() + r * 132, r % 2 ? 0xff : 0xaa, 64);
      }
      const Tensor w = bench.stored(DType::TQ2_0, 20, 512, image);
      const Tensor y = bench.floats(tokens, 20, noise(tokens * 20, 3));
      bench->run(ops::Linear{x, w, y, activations, false});
      return Results{values_of(y)};
    };
  };
  for (const int64_t tokens : {1, 9}) {
    check_against_reference(scene(tokens, ops::Activations::rounded), 3e-6, "rounded");
    check_against_reference(scene(tokens, ops::Activations::exact), 2e-5, "exact");
  }
}

TEST("a row of zeros rounds to zeros") {
  for (const DType dtype : {DType::TQ2_0, DType::F32}) {
    check_against_reference(
        [=](Bench& bench) {
          const Tensor x = bench.floats(9, 256, std::vector<float>(9 * 256, 0.0f));
          const Tensor w = bench.weights(dtype, 18, 256, noise(18 * 256, 2));
          const Tensor y = bench.floats(9, 18, noise(9 * 18, 3));
          bench->run(ops::Linear{x, w, y, ops::Activations::rounded, false});
          for (const float value : values_of(y)) CHECK_EQUAL(value, 0.0f);
          return Results{values_of(y)};
        },
        0, "zeros");
  }
}

TEST("the weight gradient agrees with the reference") {
  for (const Shape& s : kOddShapes) {
    check_against_reference(
        [=](Bench& bench) {
          const Tensor dy = bench.floats(s.tokens, s.out, noise(s.tokens * s.out, 4), 1, 3);
          const Tensor x = bench.floats(s.tokens, s.in, noise(s.tokens * s.in, 6), 7, 1);
          const Tensor dw = bench.floats(s.out, s.in, noise(s.out * s.in, 5), 2, 1);
          bench->run(ops::LinearWeightGradient{dy, x, dw});
          return Results{values_of(dw)};
        },
        2e-5, text(s));
  }
}

TEST("products do not depend on the number of threads") {
  for (const Shape& s : {Shape{1, 1024, 512}, Shape{150, 512, 96}, Shape{260, 256, 256}, Shape{40, 256, 700}}) {
    for (const DType dtype : {DType::F32, DType::Q8_0, DType::TQ2_0}) {
      check_thread_independence(linear_scene(s, dtype, ops::Activations::exact, true), text(s));
      check_thread_independence(linear_scene(s, dtype, ops::Activations::rounded, true), "rounded " + text(s));
      check_thread_independence(backward_scene(s, dtype, true), "backward " + text(s));
    }
  }
  check_thread_independence(
      [](Bench& bench) {
        const Tensor dy = bench.floats(300, 256, noise(300 * 256, 4));
        const Tensor x = bench.floats(300, 512, noise(300 * 512, 6));
        const Tensor dw = bench.floats(256, 512, noise(256 * 512, 5));
        bench->run(ops::LinearWeightGradient{dy, x, dw});
        return Results{values_of(dw)};
      },
      "weight gradient");
}

TEST("a product of no tokens does nothing") {
  for (const std::string& isa : instruction_sets()) {
    Bench bench(cpu_with(isa));
    const Tensor w = bench.weights(DType::F32, 4, 8, noise(32, 1));
    const Tensor x = bench.floats(0, 8, {}), y = bench.floats(0, 4, {});
    bench->run(ops::Linear{x, w, y, ops::Activations::rounded, false});
    bench->run(ops::LinearBackward{y, w, x, ops::Activations::rounded, false});
  }
}

TEST("shapes that do not fit are refused before anything is computed") {
  Bench bench(make_reference_backend());
  const Tensor x = bench.floats(2, 8, noise(16, 1)), w = bench.floats(3, 8, noise(24, 2));
  const Tensor y = bench.floats(2, 4, noise(8, 3));
  CHECK_ERROR("internal", (bench->run(ops::Linear{x, w, y}), 0));
  Tensor outside = y;
  outside.columns = 3;
  outside.rows = 1000;
  CHECK_ERROR("internal", (bench->run(ops::Linear{x, w, outside}), 0));
}

}  // namespace hone::test
