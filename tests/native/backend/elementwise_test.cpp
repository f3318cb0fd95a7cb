#include "ops/elementwise.h"

#include "backend/backends.h"
#include "ops/embedding.h"

namespace hone::test {
namespace {

auto elementwise_scene(int64_t rows, int64_t n) {
  return [=](Bench& bench) {
    const Tensor x = bench.floats(rows, n, noise(rows * n, 1), 3, 1), scale = bench.floats(1, 1, {0.6f});
    const Tensor bias = bench.floats(1, n, noise(n, 2), 0, 1);
    std::vector<Tensor> y;
    for (int i = 0; i < 6; ++i) y.push_back(bench.floats(rows, n, noise(rows * n, 3), i % 3, i % 2));
    bench->run(ops::Add{x, y[0]});
    bench->run(ops::Copy{x, y[1]});
    bench->run(ops::Fill{y[2], 1.5f});
    bench->run(ops::ScaleBias{y[3], scale, bias});
    bench->run(ops::ScaleBias{y[4], scale, {}});
    bench->run(ops::ScaleBias{y[5], {}, bias});
    std::vector<std::vector<float>> results;
    for (const Tensor& t : y) results.push_back(values_of(t));
    return results;
  };
}

auto embedding_scene(DType dtype, int64_t width, float scale) {
  return [=](Bench& bench) {
    const Tensor table = bench.weights(dtype, 11, width, noise(11 * width, 1)),
        ids = bench.integers({3, 10, 0, 3, 3, 7});
    const Tensor y = bench.floats(6, width, noise(6 * width, 2), 1, 1),
        dtable = bench.floats(11, width, noise(11 * width, 3), 2);
    bench->run(ops::Embedding{ids, table, y, scale});
    bench->run(ops::EmbeddingBackward{ids, y, dtable, scale});
    return std::vector{values_of(y), values_of(dtable)};
  };
}

}  // namespace

TEST("sums, copies, fills and biases agree with the reference") {
  for (const int64_t n : {1, 2, 3, 7, 31, 33, 257}) {
    check_against_reference(elementwise_scene(3, n), 1e-6, std::to_string(n));
  }
  check_thread_independence(elementwise_scene(2000, 128), "threads");
}

TEST("embeddings of every type agree with the reference") {
  for (const int64_t width : {1, 7, 33}) {
    for (const DType dtype : {DType::F32, DType::F16, DType::BF16}) {
      check_against_reference(embedding_scene(dtype, width, 1), 1e-6, "floats");
      check_against_reference(embedding_scene(dtype, width, 1.7f), 1e-6, "scaled floats");
    }
  }
  for (const DType dtype :
      {DType::Q4_0, DType::Q8_0, DType::Q4_K, DType::Q6_K, DType::TQ1_0, DType::TQ2_0, DType::I2_S, DType::Q3_K}) {
    check_against_reference(embedding_scene(dtype, 512, 1.7f), 1e-6, std::string(traits(dtype).name));
  }
}

TEST("weights are unpacked to the same bits as by the codec") {
  for (const DType dtype : {DType::F16, DType::BF16, DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0,
                            DType::IQ4_NL, DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K,
                            DType::TQ1_0, DType::TQ2_0}) {
    const auto check = [&](std::unique_ptr<Backend> backend) {
      Bench bench(std::move(backend));
      const Tensor table = bench.weights(dtype, 3, 768, noise(3 * 768, 1)), y = bench.floats(3, 768, noise(3 * 768, 2));
      const size_t row_bytes = matrix_bytes(dtype, 1, 768);
      bench->run(ops::Embedding{bench.integers({2, 0, 1}), table, y});
      std::vector<std::byte> stored(3 * row_bytes);
      bench->download(table, stored.data());
      std::vector<float> expected(768);
      for (size_t r = 0; r < 3; ++r) {
        decode_row(dtype, stored.data() + row_bytes * ((r + 2) % 3), expected.data(), 768);
        const auto found = values_of(y.slice_rows(static_cast<int64_t>(r), 1));
        CHECK(std::memcmp(expected.data(), found.data(), 768 * sizeof(float)) == 0);
      }
    };
    for (const std::string& isa : instruction_sets()) check(cpu_with(isa));
    if (auto vulkan = vulkan_for_tests()) check(std::move(vulkan));
  }
}

TEST("an id outside the table is refused") {
  for (const std::string& isa : instruction_sets()) {
    Bench bench(cpu_with(isa));
    const Tensor table = bench.floats(3, 4, noise(12, 1)), y = bench.floats(1, 4, noise(4, 2));
    CHECK_ERROR("internal", (bench->run(ops::Embedding{bench.integers({3}), table, y}), 0));
    CHECK_ERROR("internal", (bench->run(ops::Embedding{bench.integers({-1}), table, y}), 0));
  }
}

}  // namespace hone::test
