#include "backend/backend.h"

#include "backend/backends.h"
#include "ops/elementwise.h"

namespace hone::test {

TEST("memory is aligned to 64 bytes and keeps what is uploaded") {
  for (auto make : {+[] { return make_reference_backend(); }, +[] { return make_cpu_backend(1); }}) {
    auto backend = make();
    auto buffer = backend->allocate(100);
    CHECK_EQUAL(reinterpret_cast<uintptr_t>(buffer->host()) % 64, 0u);
    CHECK_EQUAL(buffer->bytes(), 100u);
    const Tensor t{buffer.get(), 4, DType::F32, 2, 3, 3};
    const std::vector<float> sent = {1, 2, 3, 4, 5, 6};
    backend->upload(t, sent.data());
    std::vector<float> received(6);
    backend->download(t, received.data());
    CHECK(sent == received);
  }
}

TEST("memory that cannot be had is an error with its size") {
  auto backend = make_cpu_backend(1);
  CHECK_ERROR("memory.exhausted", backend->allocate(size_t{1} << 62));
  CHECK_ERROR("memory.exhausted", backend->allocate(~size_t{0}));
}

TEST("adopted memory is read in place and its owner is held") {
  auto backend = make_cpu_backend(1);
  auto bytes = std::make_shared<std::vector<std::byte>>(64);
  const std::weak_ptr<std::vector<std::byte>> watch = bytes;
  auto buffer = backend->adopt(*bytes, bytes);
  CHECK_EQUAL(buffer->host(), bytes->data());
  bytes.reset();
  CHECK(!watch.expired());
  buffer.reset();
  CHECK(watch.expired());
}

TEST("an unknown instruction set is refused by name") { CHECK_ERROR("backend.isa", cpu_with("avx9000")); }

}  // namespace hone::test
