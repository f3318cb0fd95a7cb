#include "backend/cpu/simd/tables.h"

#if defined(__AVX2__)

namespace hone::cpu {
namespace {

#include "backend/cpu/simd/rows.inl"

}  // namespace

RowKernels avx2_row_kernels() { return kRowKernels; }

}  // namespace hone::cpu

#endif
