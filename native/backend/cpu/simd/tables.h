#pragma once

#include "backend/cpu/simd/simd.h"

/// The parts of the tables, each from the file that holds its loops. All but the scalar ones exist on x86-64 only.
/// A set that leaves out a part uses that of AVX2.
namespace hone::cpu {

MatrixKernels scalar_matrix_kernels();
RowKernels scalar_row_kernels();
TernaryKernels scalar_ternary_kernels();
WeightKernels scalar_weight_kernels();

MatrixKernels avx2_matrix_kernels();
RowKernels avx2_row_kernels();
TernaryKernels avx2_ternary_kernels();
WeightKernels avx2_weight_kernels();

TernaryKernels avxvnni_ternary_kernels();

MatrixKernels avx512_matrix_kernels();
RowKernels avx512_row_kernels();
TernaryKernels avx512_ternary_kernels();
WeightKernels avx512_weight_kernels();

}  // namespace hone::cpu
