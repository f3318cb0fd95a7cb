#include "backend/cpu/simd/tables.h"
#include "core/error.h"

#include <cstdlib>
#include <string>

namespace hone::cpu {
namespace {

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
#else
  return false;
#endif
}

const Simd& avx2() {
#if defined(__x86_64__)
  static const Simd table{"avx2", avx2_matrix_kernels(), avx2_row_kernels(), avx2_ternary_kernels(),
                          avx2_weight_kernels()};
  return table;
#else
  throw Error("backend.isa", "this build has no AVX2 code", "Unset HONE_ISA.");
#endif
}

const Simd& scalar() {
  static const Simd table{"scalar", scalar_matrix_kernels(), scalar_row_kernels(), scalar_ternary_kernels(),
                          scalar_weight_kernels()};
  return table;
}

}  // namespace

const Simd& choose_simd() {
  const char* variable = std::getenv("HONE_ISA");
  const std::string wanted = variable ? variable : "";
  if (wanted == "scalar") return scalar();
  if (wanted == "avx2") {
    if (!has_avx2()) {
      throw Error("backend.isa", "HONE_ISA is avx2, but this CPU lacks AVX2, FMA or F16C",
                  "Unset HONE_ISA to let Hone choose.");
    }
    return avx2();
  }
  if (!wanted.empty()) {
    throw Error("backend.isa", "HONE_ISA is \"" + wanted + "\"; known are scalar and avx2",
                "Unset HONE_ISA to let Hone choose.");
  }
  return has_avx2() ? avx2() : scalar();
}

}  // namespace hone::cpu
