#pragma once

#include "core/random.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace hone::test {

/// `content` with one to six seeded edits: bytes changed, cut, put in, taken out, numbers made extreme. Equal keys give
/// equal damage.
inline std::string damaged(std::string content, uint64_t key) {
  uint64_t counter = 0;
  const auto random = [&](uint64_t below) { return random_bits(key, counter++) % below; };
  for (uint64_t edits = 1 + random(6); edits > 0 && !content.empty(); --edits) {
    const size_t at = random(content.size());
    switch (random(5)) {
      case 0: content[at] = static_cast<char>(random(256)); break;
      case 1: content.resize(at); break;
      case 2: content.insert(at, std::string(1 + random(16), static_cast<char>(random(2) * 255))); break;
      case 3: content.erase(at, 1 + random(16)); break;
      default:
        for (size_t i = at; i < std::min(at + 8, content.size()); ++i) content[i] = random(4) ? '\xff' : '\x7f';
    }
  }
  return content;
}

/// Damage that keeps the length and leaves most of the file as it is, so that it reaches what comes after the header.
inline std::string scratched(std::string content, uint64_t key, size_t within) {
  uint64_t counter = 0;
  const auto random = [&](uint64_t below) { return random_bits(key, counter++) % below; };
  const size_t end = std::min(within, content.size());
  for (uint64_t edits = 1 + random(3); edits > 0 && end > 0; --edits) {
    content[random(end)] = static_cast<char>(random(3) ? random(256) : random(2) * 255);
  }
  return content;
}

}  // namespace hone::test
