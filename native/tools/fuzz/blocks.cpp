#include "core/dtype.h"
#include "core/error.h"
#include "quant/codec.h"
#include "tools/fuzz/target.h"

#include <cstring>
#include <vector>

/// The first byte chooses a type: the rest as its blocks, and as numbers to make blocks of.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  constexpr uint32_t kIds = 43;
  const uint32_t id = data[0] % kIds;
  const auto known = hone::find_traits(id);
  if (!known) return 0;
  const auto type = static_cast<hone::DType>(id);
  const auto* content = reinterpret_cast<const std::byte*>(data + 1);
  const size_t blocks = (size - 1) / known->block_bytes;
  try {
    if (hone::can_decode(type) && type != hone::DType::I2_S && blocks > 0) {
      std::vector<float> values(blocks * static_cast<size_t>(known->block_length));
      hone::decode_row(type, content, values.data(), static_cast<int64_t>(values.size()));
    }
    const size_t whole = (size - 1) / sizeof(float) / static_cast<size_t>(known->block_length);
    if (hone::can_encode(type) && whole > 0) {
      std::vector<float> values(whole * static_cast<size_t>(known->block_length));
      std::memcpy(values.data(), content, values.size() * sizeof(float));
      std::vector<std::byte> stored(whole * known->block_bytes);
      hone::encode_row(type, values.data(), stored.data(), static_cast<int64_t>(values.size()));
      hone::decode_row(type, stored.data(), values.data(), static_cast<int64_t>(values.size()));
    }
  } catch (const hone::Error&) {
  }
  return 0;
}
