#pragma once

#include "backend/cpu/simd/simd.h"

/// The parts of the tables, each from the file that holds its loops. All but the scalar ones exist on x86-64 or ARM only.
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
ByteKernels avxvnni_byte_kernels();

MatrixKernels avx512_matrix_kernels();
RowKernels avx512_row_kernels();
TernaryKernels avx512_ternary_kernels();
WeightKernels avx512_weight_kernels();
ByteKernels avx512_byte_kernels();

// On 64-bit ARM. The files of dotprod and i8mm hold what those instructions are for and take the rest from NEON.
MatrixKernels neon_matrix_kernels();
RowKernels neon_row_kernels();
TernaryKernels neon_ternary_kernels();
WeightKernels neon_weight_kernels();

TernaryKernels dotprod_ternary_kernels();
TernaryKernels i8mm_ternary_kernels();

}  // namespace hone::cpu
