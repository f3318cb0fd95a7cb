#pragma once

#include "backend/cpu/backend.h"
#include "core/tensor.h"

namespace hone::cpu {

/// y[tokens, outputs of w] (+)= x · wᵀ.
struct ByteProduct {
  const float* x;
  int64_t x_row;  ///< floats from one token to the next, as is y_row
  int64_t tokens;
  const Tensor& w;
  float* y;
  int64_t y_row;
  bool accumulate;
};

/// The product with fine activations for matrices of bytes or half bytes with one scale per 32 weights (Q8_0, Q4_0):
/// every 32 inputs of a token become 16-bit numbers in two digits, the products are integers. False, and nothing done,
/// for other types, for few tokens, and on instruction sets without products of bytes. Uses `backend.inputs`.
bool byte_product(CpuBackend& backend, const ByteProduct& product);

}  // namespace hone::cpu
