#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// y += x.
struct Add {
  static constexpr std::string_view kName = "add";
  Tensor x, y;
  void check() const;
};

/// y = x; x float32, y float32, F16 or Q8_0 (rounded to it, a whole number of blocks); strides may differ.
struct Copy {
  static constexpr std::string_view kName = "copy";
  Tensor x, y;
  void check() const;
};

/// y = value everywhere.
struct Fill {
  static constexpr std::string_view kName = "fill";
  Tensor y;
  float value = 0;
  void check() const;
};

/// y = y · scale + bias, in place: the optional `.scale` [1, 1] and `.bias` [1, n] tensors of a projection.
struct ScaleBias {
  static constexpr std::string_view kName = "scale_bias";
  Tensor y;
  Tensor scale, bias;
  void check() const;
};

}  // namespace hone::ops
