#include "binding/cpu_facts.h"

#include "backend/cpu/simd/simd.h"

#include <algorithm>
#include <fstream>
#include <thread>

#if defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(__unix__)
#include <unistd.h>
#endif

namespace hone::binding {
namespace {

#if defined(__APPLE__)

std::string cpu_name() {
  char name[256] = {};
  size_t size = sizeof name - 1;
  return sysctlbyname("machdep.cpu.brand_string", name, &size, nullptr, 0) == 0 ? name : "CPU";
}

uint64_t memory_bytes() {
  uint64_t bytes = 0;
  size_t size = sizeof bytes;
  return sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
}

#else

/// The value of the first line "key : value" in /proc/cpuinfo; arm64 kernels have no model name there.
std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const size_t colon = line.find(':');
    const size_t begin = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
    if (begin != std::string::npos) return line.substr(begin);
  }
  return "CPU";
}

uint64_t memory_bytes() {
  uint64_t bytes = 0;
#if defined(_SC_PHYS_PAGES)
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) bytes = static_cast<uint64_t>(pages) * static_cast<uint64_t>(size);
#endif
  // A container's limit; "max" or no such file where there is none.
  uint64_t limit = 0;
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (std::ifstream(path) >> limit && limit > 0) return bytes > 0 ? std::min(bytes, limit) : limit;
  }
  return bytes;
}

#endif

}  // namespace

CpuFacts cpu_facts() {
  return {.name = cpu_name(),
          .memory_bytes = memory_bytes(),
          .features = {std::string(cpu::choose_simd().name)},
          .threads = std::max(1u, std::thread::hardware_concurrency())};
}

}  // namespace hone::binding
