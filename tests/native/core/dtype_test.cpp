#include "core/dtype.h"

#include "support/test.h"

#include <limits>

using namespace hone;

TEST("types that were removed from the format are unknown") {
  for (const uint32_t id : {4u, 5u, 31u, 32u, 33u, 37u, 38u, 43u, 99u, 0xffffffffu}) CHECK(!find_traits(id));
}

TEST("sizes follow from whole blocks") {
  CHECK_EQUAL(traits(DType::Q6_K).name, "Q6_K");
  CHECK_EQUAL(matrix_bytes(DType::F32, 3, 5), 60u);
  CHECK_EQUAL(matrix_bytes(DType::Q4_0, 2, 64), 72u);
  CHECK_EQUAL(matrix_bytes(DType::Q6_K, 2, 512), 840u);
  CHECK_EQUAL(matrix_bytes(DType::I2_S, 2, 128), 64u);
  CHECK_ERROR("internal", matrix_bytes(DType::Q4_0, 1, 33));
  CHECK_ERROR("internal", matrix_bytes(DType::F32, std::numeric_limits<int64_t>::max(), 1 << 20));
}
