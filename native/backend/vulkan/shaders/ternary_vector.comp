#version 450
#extension GL_GOOGLE_include_directive : require
// variants: subgroup, dot, subgroup dot
layout(constant_id = 1) const uint WEIGHT_TYPE = 35;
#include "common.glsl"
#include "reduce.glsl"
#include "weights.glsl"
#include "dot4.glsl"

// The product of ternary_product for a few tokens: a workgroup takes OUTPUTS rows, a thread one stored word at a time
// with all the codes in it (16 of TQ2_0 and I2_S, 16 to 20 of TQ1_0), so that a word of weights is read once.

layout(constant_id = 2) const uint TOKENS = 1;
layout(constant_id = 3) const uint OUTPUTS = 2;
layout(constant_id = 4) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Words q;  // [tokens, columns / 4]
  Floats steps, y;
  Matrix w;
  uint outputs, columns, y_stride;
};

const uint kBlock = WEIGHT_TYPE == I2_S ? 128 : 256;                                // weights
const uint kBlockBytes = WEIGHT_TYPE == I2_S ? 32 : WEIGHT_TYPE == TQ2_0 ? 66 : 54;
const uint kWords = WEIGHT_TYPE == I2_S ? 8 : WEIGHT_TYPE == TQ2_0 ? 16 : 13;       // of codes in a block

// Where the codes of word `word` of a block belong: that of place p to column first + p · step, p < places.
struct Codes {
  uint first, step, places;
};

Codes codes_of(uint word) {
  if (WEIGHT_TYPE == I2_S) return Codes(4 * word, 32, 4);
  if (WEIGHT_TYPE == TQ2_0) return Codes(128 * (word / 8) + 4 * (word % 8), 32, 4);
  if (word < 8) return Codes(4 * word, 32, 5);
  if (word < 12) return Codes(160 + 4 * (word - 8), 16, 5);
  return Codes(240, 4, 4);
}

uint code_at(uint bits, uint place) {
  if (WEIGHT_TYPE == TQ2_0) return bits >> (2 * place) & 0x03030303u;
  if (WEIGHT_TYPE == TQ1_0) return base3_digits(bits, place);
  uint codes = bits >> (6 - 2 * place) & 0x03030303u;
  return codes - 2 * (codes & codes >> 1 & 0x01010101u);
}

void main() {
  for (uint first = gl_WorkGroupID.x * OUTPUTS; first < outputs; first += gl_NumWorkGroups.x * OUTPUTS) {
    float sums[TOKENS * OUTPUTS];
    [[unroll]] for (uint i = 0; i < TOKENS * OUTPUTS; ++i) sums[i] = 0.0;
    for (uint index = gl_LocalInvocationID.x; index < columns / kBlock * kWords; index += THREADS) {
      uint block = index / kWords, word = index % kWords;
      Codes codes = codes_of(word);
      [[unroll]] for (uint o = 0; o < OUTPUTS; ++o) {
        if (first + o >= outputs) break;
        Row row = row_of(w, first + o);
        uint bits = word_at(row, block * kBlockBytes + 4 * word);
        float scale = ternary_scale(w, row, block * kBlock, outputs);
        int integers[TOKENS];
        [[unroll]] for (uint t = 0; t < TOKENS; ++t) integers[t] = 0;
        for (uint place = 0; place < codes.places; ++place) {
          uint weights = signed_weights(code_at(bits, place));
          uint column = block * kBlock + codes.first + place * codes.step;
          [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
            integers[t] += dot4(q.v[(t * columns + column) / 4], weights);
          }
        }
        [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[t * OUTPUTS + o] += scale * float(integers[t]);
      }
    }
    [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
      [[unroll]] for (uint o = 0; o < OUTPUTS; ++o) {
        float sum = workgroup_sum(sums[t * OUTPUTS + o]);
        if (gl_LocalInvocationID.x != 0 || first + o >= outputs) continue;
        uint at = t * y_stride + first + o;
        float value = sum * steps.v[t];
        y.v[at] = ACCUMULATE != 0 ? y.v[at] + value : value;
      }
    }
  }
}
