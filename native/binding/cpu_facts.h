#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hone::binding {

struct CpuFacts {
  std::string name;
  uint64_t memory_bytes = 0;          ///< of the machine, or of the container where that is less; 0: not known
  std::vector<std::string> features;  ///< instruction sets that the engine uses here
  unsigned threads = 1;               ///< that the process may use
};

CpuFacts cpu_facts();

}  // namespace hone::binding
