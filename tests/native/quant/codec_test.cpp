#include "quant/codec.h"

#include "core/float16.h"
#include "gguf/reader.h"
#include "quant/i2_s.h"
#include "support/npy.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace hone;
using namespace hone::test;

namespace {

constexpr int64_t kColumns = 512;

struct Named {
  const char* name;
  DType dtype;
};
constexpr Named kEncodable[] = {
    {"F16", DType::F16},   {"BF16", DType::BF16},   {"Q8_0", DType::Q8_0},   {"Q4_0", DType::Q4_0},
    {"Q4_1", DType::Q4_1},
    {"Q5_0", DType::Q5_0}, {"Q5_1", DType::Q5_1},   {"Q2_K", DType::Q2_K},   {"Q3_K", DType::Q3_K},
    {"Q4_K", DType::Q4_K}, {"Q5_K", DType::Q5_K},   {"Q6_K", DType::Q6_K},   {"TQ1_0", DType::TQ1_0},
    {"TQ2_0", DType::TQ2_0},
};

std::string file(const std::string& name) { return fixture("quants/" + name); }

std::vector<float> decode(DType dtype, const std::string& bytes, int64_t n) {
  std::vector<float> out(static_cast<size_t>(n));
  decode_row(dtype, reinterpret_cast<const std::byte*>(bytes.data()), out.data(), n);
  return out;
}

std::string encode(DType dtype, const std::vector<float>& values) {
  std::string bytes(matrix_bytes(dtype, 1, static_cast<int64_t>(values.size())), '\xee');
  encode_row(dtype, values.data(), reinterpret_cast<std::byte*>(bytes.data()), static_cast<int64_t>(values.size()));
  return bytes;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> ramp(int n, float divisor) {
  std::vector<float> values;
  for (int i = 0; i < n; ++i) values.push_back(static_cast<float>(i - n / 2) / divisor);
  return values;
}

}  // namespace

TEST("every format decodes to the same bits as the reference") {
  for (const auto& [name, dtype] : kEncodable) {
    const auto expected = read_f32(file(std::string(name) + ".dec.f32"));
    const std::string bytes = read_bytes(file(std::string(name) + ".bin"));
    if (!same_bits(decode(dtype, bytes, static_cast<int64_t>(expected.size())), expected)) {
      throw Failure(std::string(name) + " decodes differently");
    }
  }
  CHECK(same_bits(decode(DType::IQ4_NL, read_bytes(file("IQ4_NL.bin")), kColumns), read_f32(file("IQ4_NL.dec.f32"))));
}

TEST("every format encodes to the same bytes as the reference") {
  const auto input = read_f32(file("input.f32"));
  for (const auto& [name, dtype] : kEncodable) {
    const std::string expected = read_bytes(file(std::string(name) + ".bin"));
    const std::string encoded = encode(dtype, input);
    CHECK_EQUAL(encoded.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      if (encoded[i] != expected[i]) {
        const std::string place = std::string(name) + " byte " + std::to_string(i);
        fail(__FILE__, __LINE__, place.c_str(), encoded[i] & 255, expected[i] & 255);
      }
    }
  }
}

TEST("the worked examples of the block layouts come out") {
  CHECK(encode(DType::Q8_0, ramp(32, 8)) ==
        decode_hex("082481899199a1a9b1b9c0c8d0d8e0e8f0f8000810182028303840474f575f676f77"));
  CHECK(encode(DType::Q4_0, ramp(32, 8)) == decode_hex("0034809191a2a2b3b3c4c4d5d5e6e6f7f7f8"));
  CHECK(encode(DType::Q4_1, ramp(32, 8)) == decode_hex("223400c080809191a2a2b3b3c4c4d5d5e6e6f7f7"));
  CHECK(encode(DType::Q5_0, ramp(32, 8)) == decode_hex("00300000ffff00112233445566778899aabbccddeeff"));
  CHECK(encode(DType::Q5_1, ramp(32, 8)) == decode_hex("003000c00000ffff00112233445566778899aabbccddeeff"));
  CHECK(encode(DType::Q2_K, ramp(256, 64)).starts_with(decode_hex("f1d1b1917161412102030507090b0e0f")));
}

TEST("halves round to even and keep subnormals, infinities and NaN") {
  CHECK_EQUAL(f16_from_f32(0.1f), 0x2e66);
  CHECK_EQUAL(f16_from_f32(65504.0f), 0x7bff);
  CHECK_EQUAL(f16_from_f32(65519.9f), 0x7bff);
  CHECK_EQUAL(f16_from_f32(65520.0f), 0x7c00);
  CHECK_EQUAL(f16_from_f32(1e-8f), 0x0000);
  CHECK_EQUAL(f16_from_f32(-0.0f), 0x8000);
  CHECK_EQUAL(bf16_from_f32(3.14159265f), 0x4049);
  CHECK(std::isnan(f32_from_f16(f16_from_f32(std::nanf("")))));
  CHECK(std::isnan(f32_from_bf16(bf16_from_f32(std::nanf("")))));
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = f32_from_f16(half);
    if (std::isnan(value)) continue;
    CHECK_EQUAL(f16_from_f32(value), half);
    // Exactly between this half and the next one away from zero: the even one wins.
    const float next = f32_from_f16(static_cast<uint16_t>(half + 1));
    if (std::isfinite(value) && std::isfinite(next) && (half & 0x7fff) != 0x7fff) {
      CHECK_EQUAL(f16_from_f32(value + (next - value) / 2), static_cast<uint16_t>(half + (half & 1)));
    }
  }
}

TEST("a block that is encoded again after decoding keeps its values") {
  const auto input = read_f32(file("input.f32"));
  for (const DType dtype : {DType::Q8_0, DType::Q4_0, DType::Q5_0, DType::TQ1_0, DType::TQ2_0}) {
    const auto once = decode(dtype, encode(dtype, input), static_cast<int64_t>(input.size()));
    const auto twice = decode(dtype, encode(dtype, once), static_cast<int64_t>(input.size()));
    for (size_t i = 0; i < once.size(); ++i) {
      CHECK_AT_MOST(std::fabs(once[i] - twice[i]), 1e-3f * std::fabs(once[i]) + 1e-6f);
    }
  }
}

TEST("extreme values never leave the range of the codes") {
  const float tiny = std::numeric_limits<float>::denorm_min(), huge = std::numeric_limits<float>::max();
  for (const auto& [name, dtype] : kEncodable) {
    for (const float size : {tiny, 1e-42f, 1e-30f, 1e30f, huge}) {
      std::vector<float> values(256, 0.0f);
      for (size_t i = 0; i < values.size(); ++i) values[i] = (i % 3 == 0 ? -1.0f : i % 3 == 1 ? 0.0f : 1.0f) * size;
      encode(dtype, values);
    }
  }
}

TEST("weights that are not numbers are refused in block types") {
  std::vector<float> values(256, 1.0f);
  values[7] = std::numeric_limits<float>::infinity();
  CHECK_ERROR("quant.not_finite", encode(DType::Q8_0, values));
  values[7] = std::nanf("");
  CHECK_ERROR("quant.not_finite", encode(DType::Q4_K, values));
  CHECK(!encode(DType::F16, values).empty());
}

TEST("types without a codec are refused by name") {
  std::vector<float> values(256, 1.0f);
  std::vector<std::byte> row(256);
  CHECK_ERROR("quant.unsupported", (encode_row(DType::IQ4_NL, values.data(), row.data(), 256), 0));
  CHECK_ERROR("quant.unsupported", (decode_row(DType::MXFP4, row.data(), values.data(), 256), 0));
  CHECK_ERROR("quant.unsupported", (decode_row(DType::I2_S, row.data(), values.data(), 256), 0));
  CHECK(can_decode(DType::I2_S) && can_decode(DType::Q6_K) && !can_decode(DType::IQ2_XXS));
  CHECK(can_encode(DType::TQ2_0) && !can_encode(DType::IQ4_NL));
}

TEST("I2_S reads its planes from the high bits down and its scale from the tail") {
  std::vector<std::byte> tensor(32 + kI2sTailBytes);
  tensor[0] = std::byte{0x24};  // elements 0, 32, 64, 96 have the codes 0, 2, 1, 0
  tensor[1] = std::byte{0xff};
  const float scale = 0.5f;
  std::memcpy(tensor.data() + 32, &scale, sizeof scale);
  std::vector<float> out(128);
  decode_i2_s_row(tensor.data(), read_i2_s_scale(tensor), out.data(), 128);
  CHECK_EQUAL(out[0], -0.5f);
  CHECK_EQUAL(out[32], 0.5f);
  CHECK_EQUAL(out[64], 0.0f);
  CHECK_EQUAL(out[96], -0.5f);
  CHECK_EQUAL(out[1], 0.0f);
}
