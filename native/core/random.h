#pragma once

#include <cstdint>

namespace hone {

/// Mixes a key and a counter into 64 uniform bits (two rounds of the SplitMix64 finaliser over key and counter).
/// Stateless, so any element of a stream can be made again in any order on any thread.
constexpr uint64_t random_bits(uint64_t key, uint64_t counter) noexcept {
  auto mix = [](uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  };
  return mix(mix(key + 0x9e3779b97f4a7c15ULL) ^ (counter * 0x9e3779b97f4a7c15ULL + 0xd1b54a32d192ed03ULL));
}

/// Uniform in [0, 1) with 24 bits.
constexpr float random_uniform(uint64_t key, uint64_t counter) noexcept {
  return static_cast<float>(random_bits(key, counter) >> 40) * 0x1p-24f;
}

/// A new key for a named stream of `key`.
constexpr uint64_t derive_key(uint64_t key, uint64_t stream) noexcept { return random_bits(key, ~stream); }

}  // namespace hone
