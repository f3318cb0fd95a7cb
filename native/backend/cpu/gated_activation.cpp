#include "ops/gated_activation.h"

#include "backend/cpu/backend.h"

namespace hone::cpu {
namespace {

void gated_activation(Backend& any, const ops::GatedActivation& op) {
  CpuBackend& backend = cpu_of(any);
  backend.pool.parallel_for(op.y.rows, row_grain(op.y.columns * 4), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      backend.simd.rows.gate(op.kind, op.y.row<float>(t), op.gate.row<float>(t), op.up.row<float>(t), op.y.columns);
    }
  });
}

void gated_activation_backward(Backend& any, const ops::GatedActivationBackward& op) {
  CpuBackend& backend = cpu_of(any);
  backend.pool.parallel_for(op.dy.rows, row_grain(op.dy.columns * 6), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      backend.simd.rows.gate_backward(op.kind, op.dgate.row<float>(t), op.dup.row<float>(t), op.gate.row<float>(t),
                                      op.up.row<float>(t), op.dy.row<float>(t), op.dy.columns);
    }
  });
}

const Kernel<ops::GatedActivation> forward_kernel(BackendKind::cpu, gated_activation);
const Kernel<ops::GatedActivationBackward> backward_kernel(BackendKind::cpu, gated_activation_backward);

}  // namespace
}  // namespace hone::cpu
