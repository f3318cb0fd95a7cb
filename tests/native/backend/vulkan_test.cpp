#include "backend/vulkan/vulkan.h"

#include "backend/backends.h"
#include "ops/adamw.h"
#include "ops/elementwise.h"
#include "ops/linear.h"

#include <cstdlib>

namespace hone::test {
namespace {

Tensor vector_in(Buffer& buffer, int64_t offset, int64_t count) {
  return {&buffer, static_cast<size_t>(offset) * 4, DType::F32, 1, count, count};
}

}  // namespace

TEST("a machine without Vulkan says so in one line") {
  // The loader stays open once it was found, so this is only seen where none is there or before it is asked for.
  try {
    for (const VulkanDevice& device : list_vulkan_devices()) CHECK(!device.name.empty());
  } catch (const Error& error) {
    CHECK_EQUAL(error.code(), "vulkan.absent");
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST("devices are listed with their driver, memory, subgroups and features") {
  if (!vulkan_for_tests()) return;
  const auto devices = list_vulkan_devices();
  for (const VulkanDevice& device : devices) {
    std::string features;
    for (const auto& feature : device.features) features += ", " + feature;
    report(device.name + " (" + device.driver + "), " + device.kind + ", Vulkan " + device.api + ", " +
           std::to_string(device.memory_bytes >> 20) + " MB, subgroups of " + std::to_string(device.least_subgroup) +
           " to " + std::to_string(device.most_subgroup) + features + device.unusable);
    CHECK_EQUAL(&device - devices.data(), static_cast<std::ptrdiff_t>(device.index));
    CHECK(device.memory_bytes > 0 && device.free_bytes > 0);
    CHECK(device.least_subgroup >= 1 && device.least_subgroup <= device.most_subgroup);
  }
}

TEST("a device that is not there is refused with their number") {
  if (!vulkan_for_tests()) return;
  CHECK_ERROR("vulkan.absent", make_vulkan_backend(1000));
}

TEST("a GPU keeps what is uploaded, at any offset and beyond the size of its staging memory") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  const int64_t count = (40 << 20) / 4;  // larger than both stages
  auto buffer = backend->allocate(static_cast<size_t>(count + 3) * 4);
  CHECK_EQUAL(buffer->bytes(), static_cast<size_t>(count + 3) * 4);
  CHECK(buffer->host() == nullptr);
  std::vector<float> sent(static_cast<size_t>(count)), received(sent.size());
  for (size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<float>(i);
  const Tensor all = vector_in(*buffer, 3, count);
  backend->upload(all, sent.data());
  backend->download(all, received.data());
  CHECK(sent == received);
  const Tensor few = vector_in(*buffer, 1003, 5);
  backend->download(few, received.data());
  CHECK_EQUAL(received[0], 1000.0f);
}

TEST("adopted memory is copied to the device and its owner let go") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  auto bytes = std::make_shared<std::vector<std::byte>>(4000, std::byte{7});
  const std::weak_ptr<std::vector<std::byte>> watch = bytes;
  auto buffer = backend->adopt(*bytes, bytes);
  bytes.reset();
  CHECK(watch.expired());
  std::vector<std::byte> received(4000);
  backend->download(vector_in(*buffer, 0, 1000), received.data());
  CHECK(received == std::vector<std::byte>(4000, std::byte{7}));
}

TEST("memory of a GPU that cannot be had is an error with the numbers") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  CHECK_ERROR("memory.exhausted", backend->allocate(size_t{1} << 60));
}

TEST("tensors beyond the range of one storage buffer are computed on like any other") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  const int64_t columns = (160 << 20) / 4;  // lavapipe's storage buffers end at 128 MB
  auto buffer = backend->allocate(static_cast<size_t>(columns) * 4);
  const Tensor all = vector_in(*buffer, 0, columns), end = all.slice_columns(columns - 7, 7);
  backend->run(ops::Fill{.y = all, .value = 2});
  Tensor last = end;
  last.stride = 7;
  backend->run(ops::Add{.x = last, .y = last});
  std::vector<float> received(7);
  backend->download(last, received.data());
  CHECK(received == std::vector<float>(7, 4.0f));
}

TEST("work that comes again is not recorded again, and gives the same bits") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  Bench bench(std::move(backend));
  const Tensor x = bench.floats(70, 300, noise(70 * 300, 1)), w = bench.floats(40, 300, noise(40 * 300, 2));
  const Tensor y = bench.floats(70, 40, noise(70 * 40, 3));
  std::vector<float> first;
  for (int pass = 0; pass < 4; ++pass) {
    for (int i = 0; i < 100; ++i) bench->run(ops::Linear{.x = x, .w = w, .y = y});
    bench->synchronize();
    if (pass == 0) first = values_of(y);
    CHECK(values_of(y) == first);
  }
  const VulkanWork work = vulkan_work(*bench);
  report(std::to_string(work.dispatches) + " dispatches in " + std::to_string(work.batches) + " submissions, " +
         std::to_string(work.replayed) + " of them recorded before");
  CHECK(work.replayed >= 3);
}

TEST("commands that touch different memory have no barrier between them, others do") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  Bench bench(std::move(backend));
  const Tensor x = bench.floats(1, 64, noise(64, 1)), y = bench.floats(1, 64, noise(64, 2));
  const Tensor z = bench.floats(1, 64, noise(64, 3));
  bench->synchronize();
  const auto barriers = [&](auto&& work) {
    const uint64_t before = vulkan_work(*bench).barriers;
    work();
    bench->synchronize();
    return vulkan_work(*bench).barriers - before;
  };
  CHECK_EQUAL(barriers([&] {
                bench->run(ops::Copy{.x = x, .y = y});
                bench->run(ops::Copy{.x = x, .y = z});
              }),
              1u);
  CHECK_EQUAL(barriers([&] {
                bench->run(ops::Copy{.x = x, .y = y});
                bench->run(ops::Copy{.x = y, .y = z});  // reads what was written
                bench->run(ops::Fill{.y = y, .value = 1});  // writes what was read
              }),
              3u);
}

TEST("products by matrix units, emulated, are good to float16 however small the gradients are") {
  if (!vulkan_for_tests()) return;
  for (const DType dtype : {DType::Q4_0}) {
    for (const float size : {1.0f, 1e-9f}) {
      const auto scene = [=](Bench& bench) {
        auto values = noise(70 * 256, 1), gradients = noise(70 * 100, 2);
        for (float& value : gradients) value *= size;
        const Tensor w = bench.weights(dtype, 100, 256, noise(100 * 256, 3));
        const Tensor y = bench.floats(70, 100, noise(70 * 100, 4), 1);
        const Tensor dx = bench.floats(70, 256, std::vector<float>(70 * 256), 3);
        bench->run(ops::Linear{.x = bench.floats(70, 256, values, 3, 1), .w = w, .y = y, .accumulate = true});
        bench->run(ops::LinearBackward{.dy = bench.floats(70, 100, gradients), .w = w, .dx = dx});
        return Results{values_of(y), values_of(dx)};
      };
      Bench reference(make_reference_backend());
      Bench gpu(vulkan_for_tests({.matrix_units = MatrixUnits::emulated}));
      Results expected = scene(reference), found = scene(gpu);
      for (Results* results : {&expected, &found}) {
        for (float& value : (*results)[1]) value /= size;
      }
      check_results(found, expected, 3e-3, std::string(traits(dtype).name));
      CHECK(found[0] != expected[0]);  // it was float16
    }
  }
}

TEST("the norm of a gradient keeps eleven digits without double precision") {
  auto backend = vulkan_for_tests();
  if (!backend) return;
  Bench bench(std::move(backend));
  std::vector<float> values(100000, 1e-3f);
  values[0] = 1000;
  for (const double start : {0.0, 0.375, 1e20}) {
    double expected = start;
    for (const float value : values) expected += static_cast<double>(value) * value;
    const Tensor out = bench.doubles(start);
    bench->run(ops::SumSquares{bench.floats(1, 100000, values), out});
    CHECK_AT_MOST(std::fabs(values_of<double>(out)[0] - expected) / expected, 1e-11);
  }
}

}  // namespace hone::test
