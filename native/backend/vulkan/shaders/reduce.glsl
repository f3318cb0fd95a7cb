// Sums and maxima over a workgroup of THREADS threads (a power of two, specialisation constant 0); every thread gets
// the result. Plain: a tree in shared memory. With HONE_SUBGROUP: within subgroups of any size first.

#ifdef HONE_SUBGROUP
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#endif

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;

shared float partial[THREADS];

#ifdef HONE_SUBGROUP
#define REDUCE(name, within, combine, neutral)                                       \
  float name(float value) {                                                          \
    value = within(value);                                                           \
    barrier(); /* the result of a reduction before has been read */                  \
    if (subgroupElect()) partial[gl_SubgroupID] = value;                             \
    barrier();                                                                       \
    value = neutral;                                                                 \
    for (uint i = 0; i < gl_NumSubgroups; ++i) value = combine(value, partial[i]);   \
    return value;                                                                    \
  }
#else
#define REDUCE(name, within, combine, neutral)                                       \
  float name(float value) {                                                          \
    uint thread = gl_LocalInvocationID.x;                                            \
    barrier();                                                                       \
    partial[thread] = value;                                                         \
    for (uint half_width = THREADS / 2; half_width > 0; half_width /= 2) {           \
      barrier();                                                                     \
      if (thread < half_width) {                                                     \
        partial[thread] = combine(partial[thread], partial[thread + half_width]);    \
      }                                                                              \
    }                                                                                \
    barrier();                                                                       \
    return partial[0];                                                               \
  }
#endif

float plus(float a, float b) { return a + b; }

REDUCE(workgroup_sum, subgroupAdd, plus, 0.0)
