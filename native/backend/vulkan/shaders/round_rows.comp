#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// Inputs as BitNet models were trained: q = clamp(round_half_even(x · (127 / absmax)), -128, 127), one workgroup per
// token. Either packed, four to a word, with the size of a step (absmax / 127) of every token, or as floats q · step.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint PACKED = 1;

layout(push_constant) uniform Parameters {
  Floats x, steps, floats;  // floats [rows, columns], when not packed
  Words words;              // [rows, columns / 4], when packed
  uint rows, columns, x_stride;
};

shared float partial[THREADS];

// a · b − c without rounding, by halves of twelve digits, for products near c.
float exact_rest(float a, float b, float c) {
  precise float a1 = uintBitsToFloat(floatBitsToUint(a) & 0xfffff000u), a2 = a - a1;
  precise float b1 = uintBitsToFloat(floatBitsToUint(b) & 0xfffff000u), b2 = b - b1;
  precise float rest = ((a1 * b1 - c) + a1 * b2 + a2 * b1) + a2 * b2;
  return rest;
}

// a / b rounded as IEEE asks for, where a GPU may be off by a few units: the neighbour with the smallest rest.
float divide(float a, float b) {
  float best = a / b;
  uint bits = floatBitsToUint(best);
  float smallest = abs(exact_rest(best, b, a));
  for (int step = -3; step <= 3; ++step) {
    float other = uintBitsToFloat(bits + uint(step));
    float rest = abs(exact_rest(other, b, a));
    if (rest < smallest) {
      smallest = rest;
      best = other;
    }
  }
  return best;
}

void main() {
  uint thread = gl_LocalInvocationID.x;
  for (uint t = gl_WorkGroupID.x; t < rows; t += gl_NumWorkGroups.x) {
    float largest = 0.0;
    for (uint i = thread; i < columns; i += THREADS) {
      float value = abs(x.v[t * x_stride + i]);
      if (!(value <= largest)) largest = value;  // keeps NaN
    }
    barrier();
    partial[thread] = largest;
    for (uint half_width = THREADS / 2; half_width > 0; half_width /= 2) {
      barrier();
      if (thread < half_width) {
        float other = partial[thread + half_width];
        if (!(other <= partial[thread])) partial[thread] = other;
      }
    }
    barrier();
    float absmax = partial[0] < 1e-5 ? 1e-5 : partial[0];
    float to_integer = divide(127.0, absmax), step = divide(absmax, 127.0);
    if (PACKED != 0) {
      for (uint i = thread; i < columns / 4; i += THREADS) {
        uint word = 0;
        [[unroll]] for (uint j = 0; j < 4; ++j) {
          precise float scaled = x.v[t * x_stride + 4 * i + j] * to_integer;
          int q = int(clamp(roundEven(scaled), -128.0, 127.0));
          word |= uint(q & 255) << (8 * j);
        }
        words.v[t * (columns / 4) + i] = word;
      }
      if (thread == 0) steps.v[t] = step;
    } else {
      for (uint i = thread; i < columns; i += THREADS) {
        precise float scaled = x.v[t * x_stride + i] * to_integer;
        floats.v[t * columns + i] = clamp(roundEven(scaled), -128.0, 127.0) * step;
      }
    }
  }
}
