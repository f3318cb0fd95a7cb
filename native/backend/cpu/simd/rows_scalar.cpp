#include "backend/cpu/simd/tables.h"

namespace hone::cpu {
namespace {

#include "backend/cpu/simd/rows.inl"

}  // namespace

RowKernels scalar_row_kernels() { return kRowKernels; }

}  // namespace hone::cpu
