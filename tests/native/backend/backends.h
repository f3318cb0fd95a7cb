#pragma once

#include "backend/backend.h"
#include "backend/cpu/simd/simd.h"
#include "core/random.h"
#include "quant/codec.h"
#include "support/test.h"
#include "support/vulkan.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// Tensors and backends for the tests of kernels. An op is run on the reference, on the CPU backend and, where there is
/// a device, on the Vulkan backend with the same values; views are placed off their alignment and strided, because
/// tails and offsets are where kernels lie.
namespace hone::test {

/// The CPU backend with a forced instruction set; the variable is restored afterwards.
inline std::unique_ptr<Backend> cpu_with(const std::string& isa, unsigned threads = 2) {
  const char* before = std::getenv("HONE_ISA");
  const std::string kept = before ? before : "";
  setenv("HONE_ISA", isa.c_str(), 1);
  auto restore = [&] { before ? setenv("HONE_ISA", kept.c_str(), 1) : unsetenv("HONE_ISA"); };
  try {
    auto backend = make_cpu_backend(threads);
    restore();
    return backend;
  } catch (...) {
    restore();
    throw;
  }
}

/// The instruction sets this machine can run.
inline std::vector<std::string> instruction_sets() {
  const auto names = cpu::present_sets();
  return {names.begin(), names.end()};
}

/// Uniform values in [-1, 1), and a normal-ish spread when `cubed`.
inline std::vector<float> noise(int64_t count, uint64_t key) {
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) values[i] = 2 * random_uniform(key, i) - 1;
  return values;
}

/// Everything a scene wrote, one list per tensor.
using Results = std::vector<std::vector<float>>;

/// Owns the memory of one test's tensors on one backend.
class Bench {
 public:
  explicit Bench(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
  ~Bench() {
    for (const auto& buffer : buffers_) owners().erase(buffer.get());
  }

  Backend& operator*() { return *backend_; }
  Backend* operator->() { return backend_.get(); }

  /// float32 [rows, columns] with the given values, `padding` floats after each row and `shift` before the first.
  Tensor floats(int64_t rows, int64_t columns, const std::vector<float>& values, int64_t padding = 0,
                int64_t shift = 0) {
    const int64_t stride = columns + padding;
    std::vector<float> image(static_cast<size_t>(shift + rows * stride));
    for (int64_t r = 0; r < rows; ++r) {
      std::copy_n(values.data() + r * columns, columns, image.data() + shift + r * stride);
    }
    return place(DType::F32, rows, columns, stride, static_cast<size_t>(shift) * 4, image.data(), image.size() * 4);
  }

  Tensor integers(const std::vector<int32_t>& values) {
    const auto count = static_cast<int64_t>(values.size());
    return place(DType::I32, count, 1, 1, 0, values.data(), values.size() * 4);
  }

  Tensor doubles(double value) { return place(DType::F64, 1, 1, 1, 0, &value, sizeof(value)); }

  /// A weight matrix of any type. I2_S is packed here, all weights ±scale or 0; IQ4_NL has the layout of Q4_0.
  Tensor weights(DType dtype, int64_t rows, int64_t columns, const std::vector<float>& values) {
    const size_t row_bytes = matrix_bytes(dtype, 1, columns);
    std::vector<std::byte> image(row_bytes * static_cast<size_t>(rows) + (dtype == DType::I2_S ? 32 : 0));
    for (int64_t r = 0; r < rows; ++r) {
      std::byte* row = image.data() + static_cast<size_t>(r) * row_bytes;
      const float* from = values.data() + r * columns;
      dtype == DType::I2_S ? pack_i2_s(from, row, columns)
                           : encode_row(dtype == DType::IQ4_NL ? DType::Q4_0 : dtype, from, row, columns);
    }
    if (dtype == DType::I2_S) {
      const float scale = 0.375f;
      std::memcpy(image.data() + row_bytes * static_cast<size_t>(rows), &scale, 4);
    }
    return stored(dtype, rows, columns, image);
  }

  /// A weight matrix whose bytes are known.
  Tensor stored(DType dtype, int64_t rows, int64_t columns, const std::vector<std::byte>& image) {
    return place(dtype, rows, columns, columns, 0, image.data(), image.size());
  }

  /// The backend that a buffer of some bench belongs to.
  static Backend& owner_of(const Buffer* buffer) { return *owners().at(buffer); }

 private:
  static void pack_i2_s(const float* values, std::byte* row, int64_t columns) {
    for (int64_t i = 0; i < columns; ++i) {
      const unsigned code = values[i] > 0.3f ? 2 : values[i] < -0.3f ? 0 : 1;
      std::byte& byte = row[i / 128 * 32 + i % 32];
      const int shift = static_cast<int>(6 - i % 128 / 32 * 2);
      byte = (byte & ~(std::byte{3} << shift)) | (std::byte(code) << shift);
    }
  }

  static std::map<const Buffer*, Backend*>& owners() {
    static std::map<const Buffer*, Backend*> all;
    return all;
  }

  /// A tensor in a buffer that begins with `image`, some zeros behind.
  Tensor place(DType dtype, int64_t rows, int64_t columns, int64_t stride, size_t offset, const void* image,
               size_t bytes) {
    std::vector<std::byte> padded((bytes + 64) / 4 * 4);
    std::memcpy(padded.data(), image, bytes);
    buffers_.push_back(backend_->allocate(padded.size()));
    Buffer* buffer = buffers_.back().get();
    owners()[buffer] = backend_.get();
    const auto words = static_cast<int64_t>(padded.size() / 4);
    backend_->upload({buffer, 0, DType::I32, 1, words, words}, padded.data());
    return {buffer, offset, dtype, rows, columns, stride};
  }

  std::unique_ptr<Backend> backend_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
};

/// All elements of a view of a bench, without padding.
template <class T = float>
std::vector<T> values_of(const Tensor& t) {
  std::vector<std::byte> image(t.buffer->bytes());
  const auto words = static_cast<int64_t>(image.size() / 4);
  Bench::owner_of(t.buffer).download({t.buffer, 0, DType::I32, 1, words, words}, image.data());
  std::vector<T> values(static_cast<size_t>(t.elements()));
  for (int64_t r = 0; r < t.rows && t.columns > 0; ++r) {
    std::memcpy(values.data() + r * t.columns, image.data() + t.offset + static_cast<size_t>(r * t.stride) * sizeof(T),
                static_cast<size_t>(t.columns) * sizeof(T));
  }
  return values;
}

/// Largest difference relative to the root mean square of `expected` (or absolute where that is below 1e-6).
inline double difference(const std::vector<float>& found, const std::vector<float>& expected) {
  if (found.size() != expected.size()) return INFINITY;
  double largest = 0, squares = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const double gap = std::fabs(static_cast<double>(found[i]) - expected[i]);
    if (!(gap <= largest)) largest = gap;  // keeps NaN
    squares += static_cast<double>(expected[i]) * expected[i];
  }
  return largest / std::max(1e-6, std::sqrt(squares / std::max<size_t>(1, found.size())));
}

/// `found` agrees with `expected` within `tolerance`, result by result.
inline void check_results(const Results& found, const Results& expected, double tolerance, const std::string& label) {
  CHECK_EQUAL(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double gap = difference(found[i], expected[i]);
    if (!(gap <= tolerance)) {
      fail(__FILE__, __LINE__, (label + ", result " + std::to_string(i)).c_str(), gap, tolerance);
    }
  }
}

/// Runs `scene` on the reference, on every instruction set and on the GPU; the results must agree within `tolerance`,
/// or `on_gpu` where that is larger: exp, tanh and division of GPUs are good to a few units of the last digit. A scene
/// builds its tensors on the bench, runs its op and returns everything it wrote.
template <class Scene>
void check_against_reference(const Scene& scene, double tolerance, const std::string& label, double on_gpu = 0) {
  Bench reference(make_reference_backend());
  const Results expected = scene(reference);
  for (const std::string& isa : instruction_sets()) {
    Bench cpu(cpu_with(isa));
    check_results(scene(cpu), expected, tolerance, label + ", " + isa);
  }
  auto backend = vulkan_for_tests();
  if (!backend) return;
  Bench gpu(std::move(backend));
  check_results(scene(gpu), expected, std::max(tolerance, on_gpu), label + ", vulkan");
}

/// The same for the plain variants of the shaders, which a GPU without any special feature runs.
template <class Scene>
void check_plain_shaders(const Scene& scene, double tolerance, const std::string& label) {
  auto backend = vulkan_for_tests({.plain = true});
  if (!backend) return;
  Bench reference(make_reference_backend());
  Bench gpu(std::move(backend));
  check_results(scene(gpu), scene(reference), tolerance, label + ", plain shaders");
}

/// The scene gives the same bits with 1, 2 and 3 threads, on every instruction set.
template <class Scene>
void check_thread_independence(const Scene& scene, const std::string& label) {
  for (const std::string& isa : instruction_sets()) {
    Bench one(cpu_with(isa, 1));
    const Results expected = scene(one);
    for (const unsigned threads : {2u, 3u}) {
      Bench many(cpu_with(isa, threads));
      const Results found = scene(many);
      for (size_t i = 0; i < found.size(); ++i) {
        if (std::memcmp(found[i].data(), expected[i].data(), found[i].size() * sizeof(float)) != 0) {
          fail(__FILE__, __LINE__, (label + ", " + isa).c_str(), threads, "one thread");
        }
      }
    }
  }
}

/// Both of the above.
template <class Scene>
void check_scene(const Scene& scene, double tolerance, const std::string& label) {
  check_against_reference(scene, tolerance, label);
  check_thread_independence(scene, label);
}

}  // namespace hone::test
