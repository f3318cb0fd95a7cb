#pragma once

#include "gguf/metadata.h"
#include "gguf/tensor_info.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hone {

/// What stands before the data section of one GGUF file.
struct GgufHeader {
  Metadata metadata;
  std::vector<TensorInfo> tensors;  ///< offsets from the start of the file, bounds checked against its size
};

/// Reads and checks the header of a file that lies in memory as `bytes`; `source` names it in errors. Bytes may be
/// hostile: memory stays a small multiple of their number. Zero bytes in names pass here and are refused by
/// `GgufFile::open`. Codes:
///
/// - "gguf.magic", "gguf.version", "gguf.endian": not a GGUF file of version 2 or 3, little endian
/// - "gguf.truncated": something reaches beyond the end of the file
/// - "gguf.count", "gguf.string", "gguf.array": a count or length above its limit
/// - "gguf.key", "gguf.name", "gguf.duplicate": an empty, too long or repeated name
/// - "gguf.type", "gguf.bool", "gguf.alignment": a malformed value
/// - "gguf.dimensions", "gguf.shape", "gguf.dtype", "gguf.offset": a malformed tensor
GgufHeader parse_gguf(std::span<const std::byte> bytes, const std::string& source);

}  // namespace hone
