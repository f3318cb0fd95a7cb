#include "ops/gated_activation.h"

#include "backend/slopes.h"

namespace hone::test {
namespace {

constexpr ops::ActivationKind kKinds[] = {ops::ActivationKind::silu, ops::ActivationKind::relu2,
    ops::ActivationKind::gelu_tanh};

std::vector<float> spread(int64_t count, uint64_t key) {
  std::vector<float> values = noise(count, key);
  for (float& value : values) value *= 12 * value * value;
  return values;
}

auto scene(int64_t rows, int64_t n, ops::ActivationKind kind) {
  return [=](Bench& bench) {
    const Tensor gate = bench.floats(rows, n, spread(rows * n, 1), 3, 1),
        up = bench.floats(rows, n, noise(rows * n, 2), 1, 1);
    const Tensor y = bench.floats(rows, n, noise(rows * n, 3), 2), dy = bench.floats(rows, n, noise(rows * n, 4));
    const Tensor dgate = bench.floats(rows, n, noise(rows * n, 5)), dup = bench.floats(rows, n, noise(rows * n, 6));
    bench->run(ops::GatedActivation{gate, up, y, kind});
    bench->run(ops::GatedActivationBackward{gate, up, dy, dgate, dup, kind});
    bench->run(ops::GatedActivationBackward{gate, up, dy, gate, up, kind});  // in place
    return std::vector{values_of(y), values_of(dgate), values_of(dup), values_of(gate), values_of(up)};
  };
}

}  // namespace

TEST("activations agree with the reference for odd lengths and large inputs") {
  for (const auto kind : kKinds) {
    for (const int64_t n : {1, 2, 3, 7, 31, 33, 257}) {
      check_against_reference(scene(3, n, kind), 2e-6, std::to_string(n), 2e-5);
    }
    check_thread_independence(scene(300, 512, kind), "threads");
  }
}

TEST("activations of extreme inputs stay finite") {
  for (const std::string& isa : instruction_sets()) {
    for (const auto kind : kKinds) {
      Bench bench(cpu_with(isa));
      const std::vector<float> gate = {-1e9f, -1e4f, -100, -88, -0.0f, 0, 88, 100, 1e4f};
      const Tensor g = bench.floats(1, 9, gate), up = bench.floats(1, 9, std::vector<float>(9, 1.0f)),
          y = bench.floats(1, 9, gate);
      bench->run(ops::GatedActivation{g, up, y, kind});
      for (int i = 0; i < 9; ++i) {
        const double z = gate[i];
        const double positive = std::max(z, 0.0);
        const double expected = kind == ops::ActivationKind::relu2 ? positive * positive : positive;
        CHECK_AT_MOST(std::fabs(y.row<float>()[i] - expected), 1e-5 * std::max(1.0, expected));
      }
    }
  }
}

TEST("the gradients of the activations are their slopes") {
  for (const auto kind : kKinds) {
    Bench bench(make_reference_backend());
    const Tensor gate = bench.floats(2, 9, noise(18, 1)), up = bench.floats(2, 9, noise(18, 2)),
        y = bench.floats(2, 9, noise(18, 3));
    const Tensor dy = bench.floats(2, 9, noise(18, 4)), dgate = bench.floats(2, 9, noise(18, 5)),
        dup = bench.floats(2, 9, noise(18, 6));
    const auto output = [&] {
      bench->run(ops::GatedActivation{gate, up, y, kind});
      return weighted_sum(y, dy);
    };
    bench->run(ops::GatedActivationBackward{gate, up, dy, dgate, dup, kind});
    check_slopes(output, gate, dgate);
    check_slopes(output, up, dup);
  }
}

}  // namespace hone::test
