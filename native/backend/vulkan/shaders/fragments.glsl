// Pieces of 16 x 16 of a matrix product that a subgroup works on together: float16 factors from shared memory, float32
// sums. With HONE_EMULATED the same by plain arithmetic, for devices without cooperative matrices: slow, and there to
// test everything around them.
//
// Before this file: shared arrays factors (float16_t) and results (float), into which all places are counted.

#extension GL_KHR_shader_subgroup_basic : require

#ifdef HONE_EMULATED

const uint kMostElements = 64;  // of a lane, for subgroups of four and more

struct Sums {
  float elements[kMostElements];
};

void clear_sums(out Sums sums) {
  for (uint j = 0; j < kMostElements; ++j) sums.elements[j] = 0.0;
}

void add_product(inout Sums sums, uint a, uint a_stride, uint b, uint b_stride) {
  for (uint j = 0; j < kMostElements; ++j) {
    uint element = gl_SubgroupInvocationID + gl_SubgroupSize * j;
    if (element >= 256) break;
    float sum = sums.elements[j];
    for (uint k = 0; k < 16; ++k) {
      sum += float(factors[a + element / 16 * a_stride + k]) * float(factors[b + k * b_stride + element % 16]);
    }
    sums.elements[j] = sum;
  }
}

void store_sums(Sums sums, uint at, uint stride) {
  for (uint j = 0; j < kMostElements; ++j) {
    uint element = gl_SubgroupInvocationID + gl_SubgroupSize * j;
    if (element < 256) results[at + element / 16 * stride + element % 16] = sums.elements[j];
  }
}

#else

#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_cooperative_matrix : require

#define Sums coopmat<float, gl_ScopeSubgroup, 16, 16, gl_MatrixUseAccumulator>

void clear_sums(out Sums sums) { sums = Sums(0.0); }

void add_product(inout Sums sums, uint a, uint a_stride, uint b, uint b_stride) {
  coopmat<float16_t, gl_ScopeSubgroup, 16, 16, gl_MatrixUseA> left;
  coopmat<float16_t, gl_ScopeSubgroup, 16, 16, gl_MatrixUseB> right;
  coopMatLoad(left, factors, a, a_stride, gl_CooperativeMatrixLayoutRowMajor);
  coopMatLoad(right, factors, b, b_stride, gl_CooperativeMatrixLayoutRowMajor);
  sums = coopMatMulAdd(left, right, sums);
}

void store_sums(Sums sums, uint at, uint stride) {
  coopMatStore(sums, results, at, stride, gl_CooperativeMatrixLayoutRowMajor);
}

#endif
