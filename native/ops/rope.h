#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// Which elements of a head form a rotated pair: `norm` (2j, 2j+1), `neox` (j, j + n_rot/2).
enum class RopePairing { norm, neox };

/// Rotates, in place, every head of x [T, heads·d]: (a, b) -> (a·cos − b·sin, a·sin + b·cos) with the row
/// `positions[t]` of the tables `cosine`, `sine` [positions, n_rot/2] float32 (frequency factors, scaling and
/// YaRN magnitude are already in them). Elements from n_rot on are left alone. `inverse` rotates by −θ:
/// the backward pass.
struct Rope {
  static constexpr std::string_view kName = "rope";
  Tensor x;
  Tensor positions;  ///< [T, 1] int32
  Tensor cosine, sine;
  int64_t heads = 1;
  RopePairing pairing = RopePairing::norm;
  bool inverse = false;
  void check() const;
};

}  // namespace hone::ops
