#pragma once

#include "backend/cpu/simd/simd.h"

/// The parts of the tables, each from the file that holds its loops. Those of AVX2 exist on x86-64 only.
namespace hone::cpu {

MatrixKernels scalar_matrix_kernels();
RowKernels scalar_row_kernels();
TernaryKernels scalar_ternary_kernels();
WeightKernels scalar_weight_kernels();

MatrixKernels avx2_matrix_kernels();
RowKernels avx2_row_kernels();
TernaryKernels avx2_ternary_kernels();
WeightKernels avx2_weight_kernels();

}  // namespace hone::cpu
