#pragma once

#include <cstddef>
#include <cstdint>

/// What libFuzzer calls with every input; each file beside this one holds one. An input may be refused with hone::Error;
/// anything else that ends the program is a finding.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
