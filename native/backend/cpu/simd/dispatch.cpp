#include "backend/cpu/simd/tables.h"
#include "core/error.h"

#include <array>
#include <cstdlib>
#include <iterator>
#include <string>

#if defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace hone::cpu {
namespace {

/// One instruction set: whether this CPU has it, and what Hone does with it.
struct Choice {
  std::string_view name;
  bool (*present)();
  std::string_view needs;  ///< for the person whose CPU lacks it
  Simd (*table)();
};

bool always() { return true; }

Simd scalar() {
  return {"scalar", scalar_matrix_kernels(), scalar_row_kernels(), scalar_ternary_kernels(), scalar_weight_kernels()};
}

#if defined(__x86_64__)
// Two features are asked for by hand, as clang 14 does not know their names. Both come with AVX2, whose check includes
// that the system saves the registers.
bool has_f16c() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) && (c >> 29 & 1);
}

bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c(); }

bool has_avxvnni() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}

Simd avx2() {
  return {"avx2", avx2_matrix_kernels(), avx2_row_kernels(), avx2_ternary_kernels(), avx2_weight_kernels()};
}

Simd avxvnni() {
  return {"avxvnni", avx2_matrix_kernels(), avx2_row_kernels(), avxvnni_ternary_kernels(), avx2_weight_kernels(),
          avxvnni_byte_kernels()};
}

Simd avx512() {
  return {"avx512", avx512_matrix_kernels(), avx512_row_kernels(), avx512_ternary_kernels(), avx512_weight_kernels(),
          avx512_byte_kernels()};
}
#endif

#if defined(__aarch64__) || defined(_M_ARM64)
#if defined(__APPLE__)
bool has_feature(const char* name) {
  int present = 0;
  size_t size = sizeof present;
  return sysctlbyname(name, &present, &size, nullptr, 0) == 0 && present != 0;
}
bool has_dotprod() { return has_feature("hw.optional.arm.FEAT_DotProd"); }
bool has_i8mm() { return has_dotprod() && has_feature("hw.optional.arm.FEAT_I8MM"); }
#elif defined(__linux__)
bool has_dotprod() { return (getauxval(AT_HWCAP) >> 20 & 1) != 0; }                     // HWCAP_ASIMDDP
bool has_i8mm() { return has_dotprod() && (getauxval(AT_HWCAP2) >> 13 & 1) != 0; }  // HWCAP2_I8MM
#else
bool has_dotprod() { return false; }
bool has_i8mm() { return false; }
#endif

Simd neon() {
  return {"neon", neon_matrix_kernels(), neon_row_kernels(), neon_ternary_kernels(), neon_weight_kernels()};
}

Simd dotprod() {
  return {"dotprod", neon_matrix_kernels(), neon_row_kernels(), dotprod_ternary_kernels(), neon_weight_kernels()};
}

Simd i8mm() {
  return {"i8mm", neon_matrix_kernels(), neon_row_kernels(), i8mm_ternary_kernels(), neon_weight_kernels()};
}
#endif

/// From the plainest to the best.
constexpr Choice kChoices[] = {
    {"scalar", always, "", scalar},
#if defined(__x86_64__)
    {"avx2", has_avx2, "AVX2, FMA or F16C", avx2},
    {"avxvnni", has_avxvnni, "AVX2 or AVX-VNNI", avxvnni},
    {"avx512", has_avx512, "AVX512 F, BW, DQ, VL or VNNI", avx512},
#elif defined(__aarch64__) || defined(_M_ARM64)
    {"neon", always, "", neon},
    {"dotprod", has_dotprod, "dot products of bytes (FEAT_DotProd)", dotprod},
    {"i8mm", has_i8mm, "products of byte matrices (FEAT_I8MM)", i8mm},
#endif
};

const Choice& choose() {
  const char* variable = std::getenv("HONE_ISA");
  const std::string wanted = variable ? variable : "";
  const Choice* best = &kChoices[0];
  std::string known;
  for (const Choice& choice : kChoices) {
    if (!known.empty()) known += ", ";
    known += choice.name;
    if (choice.name == wanted) {
      if (choice.present()) return choice;
      throw Error("backend.isa", "HONE_ISA is " + wanted + ", but this CPU lacks " + std::string(choice.needs),
                  "Unset HONE_ISA to let Hone choose.");
    }
    if (choice.present()) best = &choice;
  }
  if (wanted.empty()) return *best;
  throw Error("backend.isa", "HONE_ISA is \"" + wanted + "\"; this build knows " + known,
              "Unset HONE_ISA to let Hone choose.");
}

}  // namespace

const Simd& choose_simd() {
  static const auto tables = [] {
    std::array<Simd, std::size(kChoices)> all{};
    for (size_t i = 0; i < all.size(); ++i) {
      if (kChoices[i].present()) all[i] = kChoices[i].table();
    }
    return all;
  }();
  return tables[static_cast<size_t>(&choose() - kChoices)];
}

std::vector<std::string_view> present_sets() {
  std::vector<std::string_view> names;
  for (const Choice& choice : kChoices) {
    if (choice.present()) names.push_back(choice.name);
  }
  return names;
}

}  // namespace hone::cpu
