#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hone {

/// Writes the model at `source` again as parts of at most `part_bytes` each, "STEM-00001-of-0000N.gguf" and so on, which every
/// reader of split models takes for one: all metadata in the first, the tensors in their order. A tensor larger than a part has
/// a part of its own. A model that fits into one part becomes "STEM.gguf". Gives the paths, the first part first.
///
/// Errors: those of GgufFile::open and of AtomicFile; "gguf.split" when there would be more parts than the format can count.
std::vector<std::string> split_gguf(const std::string& source, const std::string& stem, uint64_t part_bytes);

}  // namespace hone
