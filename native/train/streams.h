#pragma once

#include <cstdint>

namespace hone {

/// Independent streams of random numbers made from the one seed of a run (see derive_key in core/random.h).
enum SeedStream : uint64_t { kAdapterStream = 1, kOrderStream = 2, kDropoutStream = 3 };

}  // namespace hone
