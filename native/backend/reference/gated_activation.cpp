#include "ops/gated_activation.h"

#include "backend/backend.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

struct Activation {
  double value, slope;
};

Activation activate(ops::ActivationKind kind, double z) {
  switch (kind) {
    case ops::ActivationKind::silu: {
      const double sigmoid = 1 / (1 + std::exp(-z));
      return {z * sigmoid, sigmoid * (1 + z * (1 - sigmoid))};
    }
    case ops::ActivationKind::relu2: {
      const double positive = std::max(z, 0.0);
      return {positive * positive, 2 * positive};
    }
    case ops::ActivationKind::gelu_tanh: {
      const double c = 0.7978845608;
      const double tau = std::tanh(c * (z + 0.044715 * z * z * z));
      return {0.5 * z * (1 + tau), 0.5 * (1 + tau) + 0.5 * z * (1 - tau * tau) * c * (1 + 0.134145 * z * z)};
    }
  }
  throw Error("internal", "an activation of no known kind");
}

void gated_activation(Backend&, const ops::GatedActivation& op) {
  for (int64_t t = 0; t < op.y.rows; ++t) {
    for (int64_t i = 0; i < op.y.columns; ++i) {
      op.y.row<float>(t)[i] =
          static_cast<float>(activate(op.kind, op.gate.row<float>(t)[i]).value * op.up.row<float>(t)[i]);
    }
  }
}

void gated_activation_backward(Backend&, const ops::GatedActivationBackward& op) {
  for (int64_t t = 0; t < op.dy.rows; ++t) {
    for (int64_t i = 0; i < op.dy.columns; ++i) {
      const Activation a = activate(op.kind, op.gate.row<float>(t)[i]);
      const double dy = op.dy.row<float>(t)[i], up = op.up.row<float>(t)[i];
      op.dup.row<float>(t)[i] = static_cast<float>(dy * a.value);
      op.dgate.row<float>(t)[i] = static_cast<float>(dy * up * a.slope);
    }
  }
}

const Kernel<ops::GatedActivation> forward_kernel(BackendKind::reference, gated_activation);
const Kernel<ops::GatedActivationBackward> backward_kernel(BackendKind::reference, gated_activation_backward);

}  // namespace
}  // namespace hone
