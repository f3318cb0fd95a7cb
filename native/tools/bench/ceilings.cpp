#include "tools/bench/ceilings.h"

#include "backend/cpu/simd/simd.h"
#include "core/thread_pool.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hone::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Runs `work` on all threads at once, several times; its best rate, where one call of one thread does `amount`.
double best_rate(ThreadPool& pool, double amount, const std::function<void(int64_t thread)>& work) {
  double best = 0;
  for (int i = 0; i < 12; ++i) {
    const auto begin = Clock::now();
    pool.parallel_for(pool.size(), 1, [&](int64_t first, int64_t last) {
      for (int64_t thread = first; thread < last; ++thread) work(thread);
    });
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = std::max(best, amount * pool.size() / seconds);
  }
  return best;
}

/// One loop that does nothing but multiply and add in registers.
struct Loop {
  int64_t ops_per_round;
  void (*run)(int64_t rounds);
};

#if defined(__x86_64__)

// Twelve independent sums, two instructions in flight on each of the units. Written out: a compiler would see that
// nothing is done with the results.
#define HONE_TWELVE(instruction, inputs)                                                                        \
  instruction inputs "0\n\t" instruction inputs "1\n\t" instruction inputs "2\n\t" instruction inputs "3\n\t"    \
  instruction inputs "4\n\t" instruction inputs "5\n\t" instruction inputs "6\n\t" instruction inputs "7\n\t"    \
  instruction inputs "8\n\t" instruction inputs "9\n\t" instruction inputs "10\n\t" instruction inputs "11\n\t"
#define HONE_CLOBBERS                                                                                           \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm14", "xmm15"

void float256(int64_t rounds) {
  asm volatile("vxorps %%ymm14, %%ymm14, %%ymm14\n\tvxorps %%ymm15, %%ymm15, %%ymm15" ::: "xmm14", "xmm15");
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile(HONE_TWELVE("vfmadd231ps %%ymm14, %%ymm15, %%", "ymm")::: HONE_CLOBBERS);
  }
}

void float512(int64_t rounds) {
  asm volatile("vxorps %%ymm14, %%ymm14, %%ymm14\n\tvxorps %%ymm15, %%ymm15, %%ymm15" ::: "xmm14", "xmm15");
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile(HONE_TWELVE("vfmadd231ps %%zmm14, %%zmm15, %%", "zmm")::: HONE_CLOBBERS);
  }
}

/// Without VNNI a product of bytes takes two instructions (and a third now and then).
void bytes256(int64_t rounds) {
  asm volatile("vpxor %%ymm14, %%ymm14, %%ymm14\n\tvpxor %%ymm15, %%ymm15, %%ymm15" ::: "xmm14", "xmm15");
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile(HONE_TWELVE("vpmaddubsw %%ymm14, %%ymm15, %%ymm13\n\tvpaddw %%ymm13, %%ymm14, %%", "ymm")
                 ::: HONE_CLOBBERS, "xmm13");
  }
}

void vnni256(int64_t rounds) {
  asm volatile("vpxor %%ymm14, %%ymm14, %%ymm14\n\tvpxor %%ymm15, %%ymm15, %%ymm15" ::: "xmm14", "xmm15");
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile(HONE_TWELVE("%{vex%} vpdpbusd %%ymm14, %%ymm15, %%", "ymm")::: HONE_CLOBBERS);
  }
}

void vnni512(int64_t rounds) {
  asm volatile("vpxor %%ymm14, %%ymm14, %%ymm14\n\tvpxor %%ymm15, %%ymm15, %%ymm15" ::: "xmm14", "xmm15");
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile(HONE_TWELVE("vpdpbusd %%zmm14, %%zmm15, %%", "zmm")::: HONE_CLOBBERS);
  }
}

#undef HONE_TWELVE
#undef HONE_CLOBBERS

/// Multiplications and additions of twelve instructions.
constexpr int64_t twelve(int64_t products) { return 12 * 2 * products; }

Loop float_loop(std::string_view isa) {
  if (isa == "avx512") return {twelve(16), float512};
  return isa == "scalar" ? Loop{} : Loop{twelve(8), float256};
}

Loop byte_loop(std::string_view isa) {
  if (isa == "avx512") return {twelve(64), vnni512};
  if (isa == "avxvnni") return {twelve(32), vnni256};
  return isa == "scalar" ? Loop{} : Loop{twelve(32), bytes256};
}

#else

Loop float_loop(std::string_view) { return {}; }
Loop byte_loop(std::string_view) { return {}; }

#endif

double rate_of(ThreadPool& pool, const Loop& loop) {
  constexpr int64_t kRounds = 2'000'000;
  if (!loop.run) return 0;
  return best_rate(pool, static_cast<double>(loop.ops_per_round * kRounds), [&](int64_t) { loop.run(kRounds); });
}

double reading_rate(ThreadPool& pool, const cpu::Simd& simd) {
  constexpr int64_t kBytes = int64_t{192} << 20, kPiece = 1 << 20;  // each, far beyond any cache
  const std::vector<int8_t> memory(static_cast<size_t>(kBytes * pool.size()), 1);
  std::vector<int64_t> sums(pool.size());
  return best_rate(pool, static_cast<double>(kBytes), [&](int64_t thread) {
    const int8_t* begin = memory.data() + thread * kBytes;
    for (int64_t i = 0; i < kBytes; i += kPiece) sums[static_cast<size_t>(thread)] += simd.ternary.sum(begin + i, kPiece);
  });
}

}  // namespace

Ceilings measure_ceilings(unsigned threads) {
  ThreadPool pool(threads);
  const cpu::Simd& simd = cpu::choose_simd();
  return {rate_of(pool, float_loop(simd.name)), rate_of(pool, byte_loop(simd.name)), reading_rate(pool, simd)};
}

}  // namespace hone::bench
