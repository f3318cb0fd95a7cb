#include "gguf/parse.h"

#include "gguf/cursor.h"

#include <bit>
#include <optional>
#include <unordered_set>

namespace hone {
namespace {

constexpr uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr uint64_t kSmallestTensor = 24;  // name length, axis count, type, offset
constexpr uint64_t kSmallestPair = 13;    // key length, value type, one byte
constexpr uint64_t kLongestKey = 65535;
constexpr uint64_t kLongestName = 63;
constexpr uint64_t kLongestString = uint64_t{1} << 30;
constexpr uint64_t kLargestArray = uint64_t{1} << 30;
constexpr uint64_t kI2sTail = 32;  // the scale of the tensor, padded

/// `value` rounded up to a power of two; nothing when that leaves 64 bits.
std::optional<uint64_t> round_up(uint64_t value, uint64_t alignment) {
  uint64_t sum = 0;
  if (__builtin_add_overflow(value, alignment - 1, &sum)) return std::nullopt;
  return sum & ~(alignment - 1);
}

bool take_bool(Cursor& cursor, const std::string& key) {
  const auto byte = cursor.take<uint8_t>("\"" + key + "\"");
  if (byte > 1) cursor.fail("gguf.bool", "the bool \"" + key + "\" has the value " + std::to_string(byte));
  return byte == 1;
}

/// Calls `visitor` with a default value of the C++ type of scalar type `type`.
template <class Visitor>
auto with_number(ValueType type, Visitor visitor) {
  switch (type) {
    case ValueType::u8: return visitor(uint8_t{});
    case ValueType::i8: return visitor(int8_t{});
    case ValueType::u16: return visitor(uint16_t{});
    case ValueType::i16: return visitor(int16_t{});
    case ValueType::u32: return visitor(uint32_t{});
    case ValueType::i32: return visitor(int32_t{});
    case ValueType::f32: return visitor(float{});
    case ValueType::u64: return visitor(uint64_t{});
    case ValueType::i64: return visitor(int64_t{});
    default: return visitor(double{});
  }
}

ValueType take_type(Cursor& cursor, const std::string& key, const char* what) {
  const auto id = cursor.take<uint32_t>(what);
  if (id > static_cast<uint32_t>(ValueType::f64)) {
    cursor.fail("gguf.type", "\"" + key + "\" has the unknown value type " + std::to_string(id));
  }
  return static_cast<ValueType>(id);
}

MetadataArray take_array(Cursor& cursor, const std::string& key) {
  const ValueType type = take_type(cursor, key, "an array element type");
  if (type == ValueType::array) {
    cursor.fail("gguf.type", "\"" + key + "\" is an array of arrays, which Hone does not read");
  }
  const auto count = cursor.take<uint64_t>("an array length");
  const uint64_t smallest = type == ValueType::string    ? sizeof(uint64_t)
                            : type == ValueType::boolean ? 1
                                                         : with_number(type, [](auto zero) { return sizeof(zero); });
  if (count > kLargestArray || count > cursor.left() / smallest) {
    cursor.fail("gguf.array", "the array \"" + key + "\" has " + std::to_string(count) +
                                  " elements, more than the file can hold");
  }
  if (type == ValueType::string) {
    std::vector<std::string> all;
    all.reserve(count);
    for (uint64_t i = 0; i < count; ++i) all.emplace_back(cursor.take_string(kLongestString, "a string of an array"));
    return all;
  }
  if (type == ValueType::boolean) {
    std::vector<Bool> all(count);
    for (Bool& item : all) item = take_bool(cursor, key) ? Bool::yes : Bool::no;
    return all;
  }
  return with_number(type, [&](auto zero) -> MetadataArray {
    std::vector<decltype(zero)> all(count);
    cursor.take_many(all.data(), count, "an array");
    return all;
  });
}

MetadataValue take_value(Cursor& cursor, const std::string& key) {
  const ValueType type = take_type(cursor, key, "a value type");
  switch (type) {
    case ValueType::array: return take_array(cursor, key);
    case ValueType::string: return std::string(cursor.take_string(kLongestString, "the string \"" + key + "\""));
    case ValueType::boolean: return take_bool(cursor, key);
    default:
      return with_number(type, [&](auto zero) -> MetadataValue {
        return cursor.take<decltype(zero)>("the value of \"" + key + "\"");
      });
  }
}

void take_pairs(Cursor& cursor, uint64_t count, Metadata& metadata) {
  for (uint64_t i = 0; i < count; ++i) {
    const std::string key(cursor.take_string(kLongestKey, "a key"));
    if (key.empty()) cursor.fail("gguf.key", "key " + std::to_string(i) + " is empty");
    if (metadata.contains(key)) cursor.fail("gguf.duplicate", "the key \"" + key + "\" appears twice");
    metadata.set(key, take_value(cursor, key));
  }
}

uint64_t alignment_of(const Cursor& cursor, const Metadata& metadata) {
  const MetadataValue* value = metadata.find("general.alignment");
  if (!value) return 32;
  const auto* alignment = std::get_if<uint32_t>(value);
  if (!alignment) cursor.fail("gguf.alignment", "general.alignment is " + type_text(*value) + ", expected u32");
  if (!std::has_single_bit(*alignment)) {
    cursor.fail("gguf.alignment",
                "general.alignment is " + std::to_string(*alignment) + ", which is not a power of two");
  }
  return *alignment;
}

/// Checks the axes and sets `bytes`; nothing here can overflow unnoticed.
void measure(const Cursor& cursor, TensorInfo& info, uint32_t id) {
  const std::string name = "tensor \"" + info.name + "\"";
  const auto facts = find_traits(id);
  if (!facts) {
    cursor.fail("gguf.dtype", name + " has the type id " + std::to_string(id) +
                                  ", which is unknown or was removed from the format");
  }
  info.dtype = static_cast<DType>(id);

  int64_t elements = 1;
  for (int axis = 0; axis < info.dimensions; ++axis) {
    const int64_t length = info.ne[static_cast<size_t>(axis)];
    if (length < 1) {
      cursor.fail("gguf.shape", name + " has the length " + std::to_string(static_cast<uint64_t>(length)) +
                                    " in axis " + std::to_string(axis) + ", expected 1 to 2^63 - 1");
    }
    if (__builtin_mul_overflow(elements, length, &elements)) {
      cursor.fail("gguf.shape", name + " has more than 2^63 elements: " + shape_text(info));
    }
  }
  if (info.ne[0] % facts->block_length != 0) {
    cursor.fail("gguf.shape", name + " has rows of " + std::to_string(info.ne[0]) + " but " + std::string(facts->name) +
                                  " stores blocks of " + std::to_string(facts->block_length));
  }
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<uint64_t>(elements / facts->block_length), facts->block_bytes, &bytes) ||
      __builtin_add_overflow(bytes, info.dtype == DType::I2_S ? kI2sTail : 0, &bytes)) {
    cursor.fail("gguf.shape", name + " is larger than 2^64 bytes: " + shape_text(info));
  }
  info.bytes = bytes;
}

TensorInfo take_tensor(Cursor& cursor, uint64_t index) {
  TensorInfo info;
  info.name = cursor.take_string(kLongestName, "a tensor name");
  if (info.name.empty()) cursor.fail("gguf.name", "tensor " + std::to_string(index) + " has an empty name");

  const auto dimensions = cursor.take<uint32_t>("an axis count");
  if (dimensions > 4) {
    cursor.fail("gguf.dimensions",
                "tensor \"" + info.name + "\" has " + std::to_string(dimensions) + " axes, the limit is 4");
  }
  info.dimensions = static_cast<int>(dimensions);
  cursor.take_many(info.ne.data(), dimensions, "the shape of a tensor");
  const auto id = cursor.take<uint32_t>("a tensor type");
  info.offset = cursor.take<uint64_t>("a tensor offset");
  measure(cursor, info, id);
  return info;
}

/// Offsets must follow each other without holes; turns them into positions in the file.
void place(const Cursor& cursor, std::vector<TensorInfo>& tensors, uint64_t alignment, uint64_t file_size) {
  if (tensors.empty()) return;
  const auto start = round_up(cursor.position(), alignment);
  uint64_t running = 0;
  for (TensorInfo& info : tensors) {
    if (info.offset != running) {
      cursor.fail("gguf.offset", "tensor \"" + info.name + "\" is at offset " + std::to_string(info.offset) +
                                     ", expected " + std::to_string(running) + " after the tensor before it");
    }
    if (!start || *start > file_size || running > file_size - *start || info.bytes > file_size - *start - running) {
      throw Error("gguf.truncated",
                  cursor.source() + ": tensor \"" + info.name + "\" takes " + std::to_string(info.bytes) +
                      " bytes and ends beyond the end of the file, which has " + std::to_string(file_size) + " bytes",
                  "The download looks incomplete; fetch the file again.");
    }
    info.offset = *start + running;
    // Both terms are below the file size, so the sum cannot wrap; rounding is by at most 2^31.
    running = *round_up(running + info.bytes, alignment);
  }
}

void check_version(const Cursor& cursor, uint32_t version) {
  if (version == 2 || version == 3) return;
  if ((version & 0xffffu) == 0 && version != 0) {
    throw Error("gguf.endian", cursor.source() + ": this is a big-endian GGUF file",
                "Fetch the little-endian variant of the model.");
  }
  throw Error("gguf.version",
              cursor.source() + ": this is GGUF version " + std::to_string(version) + ", Hone reads 2 and 3",
              version == 1 ? "Convert the model again with a current converter." : "A newer Hone may read it.");
}

}  // namespace

std::string shape_text(const TensorInfo& info) {
  std::string text = "[";
  for (int axis = 0; axis < info.dimensions; ++axis) {
    if (axis) text += ", ";
    text += std::to_string(info.ne[static_cast<size_t>(axis)]);
  }
  return text + "]";
}

GgufHeader parse_gguf(std::span<const std::byte> bytes, const std::string& source) {
  Cursor cursor(bytes, source);
  if (cursor.take<uint32_t>("the magic number") != kMagic) {
    throw Error("gguf.magic", source + ": this is not a GGUF file (it does not begin with \"GGUF\")",
                "Choose a file that ends in .gguf; other formats must be converted first.");
  }
  check_version(cursor, cursor.take<uint32_t>("the version"));
  const auto tensor_count = cursor.take<uint64_t>("the tensor count");
  const auto pair_count = cursor.take<uint64_t>("the key count");
  if (tensor_count > cursor.left() / kSmallestTensor || pair_count > cursor.left() / kSmallestPair) {
    cursor.fail("gguf.count", "the header announces " + std::to_string(tensor_count) + " tensors and " +
                                  std::to_string(pair_count) + " keys, more than the file can hold");
  }

  GgufHeader header{Metadata(source), {}};
  take_pairs(cursor, pair_count, header.metadata);
  const uint64_t alignment = alignment_of(cursor, header.metadata);

  header.tensors.reserve(tensor_count);
  for (uint64_t i = 0; i < tensor_count; ++i) header.tensors.push_back(take_tensor(cursor, i));
  std::unordered_set<std::string_view> names;
  names.reserve(tensor_count);
  for (const TensorInfo& info : header.tensors) {
    if (names.insert(info.name).second) continue;
    cursor.fail("gguf.duplicate", "the tensor \"" + info.name + "\" appears twice");
  }
  place(cursor, header.tensors, alignment, bytes.size());
  return header;
}

}  // namespace hone
