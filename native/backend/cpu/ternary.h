#pragma once

#include "backend/cpu/backend.h"
#include "ops/linear.h"

namespace hone::cpu {

/// Rounds a row to 8 bits with one scale; returns the size of one step (absmax / 127).
float round_row(const Simd& simd, const float* x, int8_t* q, int64_t n);

/// `Linear` for rounded activations and a ternary matrix, in integers: every block contributes
/// d · Σ (code - 1) q, exact until d is multiplied in.
void ternary_linear(CpuBackend& backend, const ops::Linear& op);

/// `LinearBackward` with dy rounded to 16 bits per token, in integers. False, and nothing done, for matrices whose
/// blocks differ in their scales (those of true BitNet models do not) and for few tokens.
bool ternary_linear_backward(CpuBackend& backend, const ops::LinearBackward& op);

}  // namespace hone::cpu
