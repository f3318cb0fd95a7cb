#include "quant/codec.h"

#include "core/error.h"
#include "quant/formats.h"

#include <cmath>
#include <string>

namespace hone {
namespace {

using namespace formats;

struct Codec {
  Decode decode = nullptr;
  Encode encode = nullptr;
};

Codec codec_of(DType dtype) noexcept {
  switch (dtype) {
    case DType::F32: return {decode_f32, encode_f32};
    case DType::F16: return {decode_f16, encode_f16};
    case DType::BF16: return {decode_bf16, encode_bf16};
    case DType::Q8_0: return {decode_q8_0, encode_q8_0};
    case DType::Q4_0: return {decode_q4_0, encode_q4_0};
    case DType::Q4_1: return {decode_q4_1, encode_q4_1};
    case DType::Q5_0: return {decode_q5_0, encode_q5_0};
    case DType::Q5_1: return {decode_q5_1, encode_q5_1};
    case DType::Q2_K: return {decode_q2_k, encode_q2_k};
    case DType::Q3_K: return {decode_q3_k, encode_q3_k};
    case DType::Q4_K: return {decode_q4_k, encode_q4_k};
    case DType::Q5_K: return {decode_q5_k, encode_q5_k};
    case DType::Q6_K: return {decode_q6_k, encode_q6_k};
    case DType::TQ1_0: return {decode_tq1_0, encode_tq1_0};
    case DType::TQ2_0: return {decode_tq2_0, encode_tq2_0};
    case DType::IQ4_NL: return {decode_iq4_nl, nullptr};
    default: return {};
  }
}

[[noreturn]] void fail_unsupported(DType dtype, const char* action) {
  throw Error("quant.unsupported",
              "Hone cannot " + std::string(action) + " weights of type " + std::string(traits(dtype).name),
              "Use a variant of the model in F16, Q8_0, Q4_K or another common type.");
}

void check_length(DType dtype, int64_t n) {
  ensure(n >= 0 && n % traits(dtype).block_length == 0, "a row is not a whole number of blocks");
}

}  // namespace

void decode_row(DType dtype, const std::byte* row, float* out, int64_t n) {
  const Decode decode = codec_of(dtype).decode;
  if (!decode) fail_unsupported(dtype, "decode");
  check_length(dtype, n);
  decode(row, out, n);
}

void encode_row(DType dtype, const float* values, std::byte* row, int64_t n) {
  const Encode encode = codec_of(dtype).encode;
  if (!encode) fail_unsupported(dtype, "encode");
  check_length(dtype, n);
  if (traits(dtype).block_length > 1) {  // one such value would spoil its whole block
    for (int64_t i = 0; i < n; ++i) {
      if (!std::isfinite(values[i])) {
        throw Error("quant.not_finite",
                    "weight " + std::to_string(i) + " of a row to be stored as " + std::string(traits(dtype).name) +
                        " is not a finite number",
                    "The weights are damaged; export an earlier checkpoint.");
      }
    }
  }
  encode(values, row, n);
}

bool can_decode(DType dtype) noexcept { return dtype == DType::I2_S || codec_of(dtype).decode != nullptr; }

bool can_encode(DType dtype) noexcept { return codec_of(dtype).encode != nullptr; }

}  // namespace hone
