#include "backend/cpu/simd/tables.h"
#include "quant/codec.h"

namespace hone::cpu {
namespace {

void decode(DType dtype, const std::byte* blocks, float* out, int64_t n) { decode_row(dtype, blocks, out, n); }

WeightKernels::Dot find_dot(DType) { return nullptr; }

}  // namespace

WeightKernels scalar_weight_kernels() { return {decode, find_dot}; }

}  // namespace hone::cpu
