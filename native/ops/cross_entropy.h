#pragma once

#include "core/tensor.h"
#include "ops/linear.h"

#include <string_view>

namespace hone::ops {

/// Loss and gradient of the head, fused and in chunks: z[n] = h[n] · wᵀ for h [N, D], w [V, D];
/// loss[n] = lse(z) − z[target]; dh[n] = weight[n] · (softmax(z) − onehot(target)) · w.
/// No N × V buffer exists: rows are taken a few at a time. The head's input is never rounded to 8 bits.
/// `loss` [N, 1] is the unweighted loss of each row. `dh` is absent in evaluation. `dw` [V, D] float32, when
/// present, gains the gradient of w (training whole weights only). `correct` [N, 1] int32, when present, is 1
/// where the largest logit is the target's.
struct CrossEntropy {
  static constexpr std::string_view kName = "cross_entropy";
  Tensor h, w;
  Tensor targets;  ///< [N, 1] int32
  Tensor weights;  ///< [N, 1] float32
  Tensor loss;
  Tensor dh, dw;
  Tensor correct;
  Activations activations = Activations::exact;  ///< or `fine`
  void check() const;
};

}  // namespace hone::ops
