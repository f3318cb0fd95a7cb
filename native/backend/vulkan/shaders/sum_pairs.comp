#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// out (float64) += Σ of `count` pairs of floats, in their order, by one workgroup. Written with integers, since few
// GPUs have double precision.

layout(local_size_x = 64) in;

layout(push_constant) uniform Parameters {
  Floats sums;
  Words total;  // the two words of a float64
  uint count;
};

shared vec2 partial[64];

precise vec2 add_pair(vec2 a, vec2 b) {
  precise float sum = a.x + b.x, back = sum - a.x;
  precise float rest = (a.x - (sum - back)) + (b.x - back) + a.y + b.y;
  precise float high = sum + rest;
  return vec2(high, rest - (high - sum));
}

// A float64 as a pair of floats, to 48 digits; beyond the range of float32 it is infinite or zero.
vec2 from_double(uvec2 bits) {
  int exponent = int(bits.y >> 20 & 2047u) - 1023;
  if (exponent < -120) return vec2(0.0);
  float sign = (bits.y >> 31) != 0 ? -1.0 : 1.0;
  if (exponent > 127) return vec2(sign * uintBitsToFloat(0x7f800000u), 0.0);
  uint top = 0x00800000u | (bits.y & 0xfffffu) << 3 | bits.x >> 29;  // 24 digits
  uint rest = bits.x >> 5 & 0xffffffu;                               // the next 24
  return sign * vec2(ldexp(float(top), exponent - 23), ldexp(float(rest), exponent - 47));
}

uvec2 widen(float value) {
  uint bits = floatBitsToUint(value), exponent = bits >> 23 & 255u;
  if (exponent == 0) return uvec2(0, bits & 0x80000000u);
  uint wide = exponent == 255 ? 2047u : exponent + 896u;
  return uvec2(bits << 29, (bits & 0x80000000u) | wide << 20 | (bits & 0x7fffffu) >> 3);
}

// high + low as a float64, with |low| at most half a unit of high; both positive sums of squares.
uvec2 to_double(vec2 pair) {
  uvec2 wide = widen(pair.x);
  uint exponent = wide.y >> 20 & 2047u;
  if (exponent == 2047u || exponent == 0 || pair.y == 0.0) return wide;
  // low in units of the last of the 52 digits of high; it has at most 29 of them.
  int units = int(roundEven(ldexp(pair.y, 52 + 1023 - int(exponent))));
  uint magnitude = uint(abs(units)), carry;
  if (units >= 0) {
    uint low = uaddCarry(wide.x, magnitude, carry);
    return uvec2(low, wide.y + carry);
  }
  uint low = usubBorrow(wide.x, magnitude, carry);
  return uvec2(low, wide.y - carry);
}

void main() {
  uint thread = gl_LocalInvocationID.x;
  vec2 sum = vec2(0.0);
  for (uint i = thread; i < count; i += 64) sum = add_pair(sum, vec2(sums.v[2 * i], sums.v[2 * i + 1]));
  partial[thread] = sum;
  barrier();
  if (thread != 0) return;
  sum = from_double(uvec2(total.v[0], total.v[1]));
  for (uint i = 0; i < 64; ++i) sum = add_pair(sum, partial[i]);
  uvec2 result = to_double(sum);
  total.v[0] = result.x;
  total.v[1] = result.y;
}
