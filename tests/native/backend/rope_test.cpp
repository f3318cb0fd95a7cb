#include "ops/rope.h"

#include "backend/backends.h"

namespace hone::test {
namespace {

auto scene(int64_t tokens, int64_t heads, int64_t d, int64_t pairs, ops::RopePairing pairing, bool inverse) {
  return [=](Bench& bench) {
    std::vector<int32_t> positions(tokens);
    std::vector<float> cosine(50 * pairs), sine(50 * pairs);
    for (int64_t t = 0; t < tokens; ++t) positions[t] = static_cast<int32_t>(t * 7 % 50);
    for (int64_t i = 0; i < 50 * pairs; ++i) cosine[i] = std::cos(0.1f * i), sine[i] = std::sin(0.1f * i);
    const Tensor x = bench.floats(tokens, heads * d, noise(tokens * heads * d, 1), 3, 1);
    bench->run(ops::Rope{x, bench.integers(positions), bench.floats(50, pairs, cosine), bench.floats(50, pairs, sine),
                         heads, pairing, inverse});
    return Results{values_of(x)};
  };
}

}  // namespace

TEST("rotations agree with the reference for both pairings, whole and partial heads") {
  for (const auto pairing : {ops::RopePairing::norm, ops::RopePairing::neox}) {
    for (const bool inverse : {false, true}) {
      check_against_reference(scene(1, 1, 2, 1, pairing, inverse), 1e-6, "smallest");
      check_against_reference(scene(7, 3, 10, 5, pairing, inverse), 1e-6, "odd pairs");
      check_against_reference(scene(5, 2, 64, 32, pairing, inverse), 1e-6, "whole heads");
      check_against_reference(scene(5, 2, 33, 12, pairing, inverse), 1e-6, "partial heads");
      check_thread_independence(scene(900, 4, 64, 32, pairing, inverse), "threads");
    }
  }
}

TEST("rotating back restores the input") {
  Bench bench(make_reference_backend());
  const std::vector<float> before = noise(4 * 12, 1);
  const Tensor x = bench.floats(4, 12, before), positions = bench.integers({0, 1, 2, 3});
  std::vector<float> cosine(12), sine(12);
  for (int i = 0; i < 12; ++i) cosine[i] = std::cos(0.3f * i), sine[i] = std::sin(0.3f * i);
  const Tensor c = bench.floats(4, 3, cosine), s = bench.floats(4, 3, sine);
  bench->run(ops::Rope{x, positions, c, s, 2, ops::RopePairing::neox, false});
  CHECK(difference(values_of(x), before) > 0.1);
  bench->run(ops::Rope{x, positions, c, s, 2, ops::RopePairing::neox, true});
  CHECK_AT_MOST(difference(values_of(x), before), 1e-6);
}

TEST("a position outside the tables is refused") {
  for (const std::string& isa : instruction_sets()) {
    Bench bench(cpu_with(isa));
    const Tensor x = bench.floats(1, 4, noise(4, 1)), table = bench.floats(2, 2, noise(4, 2));
    CHECK_ERROR("internal", (bench->run(ops::Rope{x, bench.integers({2}), table, table}), 0));
    CHECK_ERROR("internal", (bench->run(ops::Rope{x, bench.integers({-1}), table, table}), 0));
  }
}

}  // namespace hone::test
