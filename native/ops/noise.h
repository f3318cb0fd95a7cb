#pragma once

#include "core/tensor.h"

#include <cstdint>
#include <string_view>

namespace hone::ops {

/// y[t, i] += scales[t] · u with u uniform in [-1, 1): element e = t · D + i of the counter-based generator
/// (core/random.h) keyed by `key`. For NEFTune (Jain et al. 2023).
struct AddNoise {
  static constexpr std::string_view kName = "add_noise";
  Tensor y;
  Tensor scales;  ///< [T, 1]
  uint64_t key = 0;
  void check() const;
};

}  // namespace hone::ops
