#version 450
#extension GL_GOOGLE_include_directive : require
// variants: subgroup
#include "common.glsl"
#include "reduce.glsl"

// One workgroup per row of logits z: the loss lse(z) − z[target], whether the largest logit is the target's, and in
// place of z its gradient weight · (softmax(z) − onehot(target)).

layout(constant_id = 1) const uint GRADIENT = 1;
layout(constant_id = 2) const uint CORRECT = 0;

layout(push_constant) uniform Parameters {
  Floats z, loss, weights;
  Integers targets, correct;
  uint rows, vocabulary, loss_stride, weights_stride, targets_stride, correct_stride;
};

shared float largest_of[THREADS];
shared uint first_of[THREADS];

void main() {
  uint thread = gl_LocalInvocationID.x;
  for (uint n = gl_WorkGroupID.x; n < rows; n += gl_NumWorkGroups.x) {
    uint row = n * vocabulary, target = uint(targets.v[n * targets_stride]);
    // The first of the largest logits.
    float largest = z.v[row];
    uint first = 0;
    for (uint v = thread; v < vocabulary; v += THREADS) {
      if (z.v[row + v] > largest) {
        largest = z.v[row + v];
        first = v;
      }
    }
    barrier();
    largest_of[thread] = largest;
    first_of[thread] = first;
    for (uint half_width = THREADS / 2; half_width > 0; half_width /= 2) {
      barrier();
      if (thread >= half_width) continue;
      uint other = thread + half_width;
      bool better = largest_of[other] > largest_of[thread] ||
                    (largest_of[other] == largest_of[thread] && first_of[other] < first_of[thread]);
      if (better) {
        largest_of[thread] = largest_of[other];
        first_of[thread] = first_of[other];
      }
    }
    barrier();
    largest = largest_of[0];

    float part = 0.0;
    for (uint v = thread; v < vocabulary; v += THREADS) part += exp(z.v[row + v] - largest);
    float total = workgroup_sum(part);
    float of_target = z.v[row + target];
    if (thread == 0) {
      loss.v[n * loss_stride] = log(total) + (largest - of_target);
      if (CORRECT != 0) correct.v[n * correct_stride] = first_of[0] == target ? 1 : 0;
    }
    if (GRADIENT == 0) continue;
    float weight = weights.v[n * weights_stride];
    barrier();  // all have read the target's logit
    for (uint v = thread; v < vocabulary; v += THREADS) {
      float gradient = exp(z.v[row + v] - largest) * (weight / total);
      z.v[row + v] = v == target ? gradient - weight : gradient;
    }
  }
}
