#pragma once

#include "core/dtype.h"

#include <string>
#include <utility>
#include <vector>

namespace hone {

/// Copies an adapter with its matrices as `dtype` (F32 or F16) and the string keys `metadata` added or replaced. Tensors
/// and all other keys stay, in their order. The file appears whole or not at all.
///
/// Errors: those of inspect_adapter and AtomicFile; "adapter.metadata" for a key that decides what the file is;
/// "adapter.not-finite", "adapter.overflow" (F16) naming the tensor, the value and the limit.
void convert_adapter(const std::string& source, const std::string& target, DType dtype,
                     const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace hone
