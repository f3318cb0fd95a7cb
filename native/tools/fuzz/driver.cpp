#include "core/random.h"
#include "tools/fuzz/target.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// Stands in for libFuzzer where the compiler has none: seeded edits of the given files, without coverage.
///
///     hone_fuzz_gguf SECONDS [FILE …]
int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s SECONDS [FILE …]\n", words[0]);
    return 2;
  }
  std::vector<std::string> seeds;
  for (int i = 2; i < count; ++i) {
    std::ifstream file(words[i], std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) seeds.emplace_back(64, '\0');
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(words[1]));
  uint64_t round = 0;
  for (; std::chrono::steady_clock::now() < end; ++round) {
    uint64_t counter = 0;
    const auto random = [&](uint64_t below) { return hone::random_bits(round, counter++) % below; };
    std::string input = seeds[random(seeds.size())];
    const size_t header = std::max<size_t>(1, random(2) ? input.size() : std::min<size_t>(input.size(), 30'000));
    for (uint64_t edits = 1 + random(4); edits > 0 && !input.empty(); --edits) {
      const size_t at = random(std::min(header, input.size()));
      switch (random(6)) {
        case 0: input.resize(at); break;
        case 1: input.insert(at, std::string(1 + random(16), static_cast<char>(random(256)))); break;
        case 2: input.erase(at, 1 + random(16)); break;
        case 3:
          for (size_t i = at; i < std::min(at + 8, input.size()); ++i) input[i] = random(4) ? '\xff' : '\x7f';
          break;
        default: input[at] = static_cast<char>(random(3) ? random(256) : random(2) * 255);
      }
    }
    if (round % 1000 == 0) std::fprintf(stderr, "\rinput %llu", static_cast<unsigned long long>(round));
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  }
  std::printf("%llu inputs, no finding\n", static_cast<unsigned long long>(round));
}
