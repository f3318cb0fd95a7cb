#include "gguf/writer.h"

#include "core/error.h"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace hone {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF is written without swapping bytes");

constexpr size_t kLongestName = 63;
constexpr size_t kLongestKey = 65535;
constexpr size_t kI2sTail = 32;

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_string(std::string& out, std::string_view text) {
  put<uint64_t>(out, text.size());
  out.append(text);
}

void put_element(std::string& out, const std::string& text) { put_string(out, text); }
void put_element(std::string& out, bool value) { put<uint8_t>(out, value ? 1 : 0); }
template <class T>
void put_element(std::string& out, T value) {
  put(out, value);
}
template <class T>
void put_element(std::string& out, const std::vector<T>& all) {
  put<uint64_t>(out, all.size());
  for (const auto& item : all) put_element(out, item);
}
void put_element(std::string&, std::monostate) { ensure(false, "an array of arrays cannot be written"); }

void put_pair(std::string& out, const Metadata::Entry& entry) {
  const auto& [key, value] = entry;
  ensure(!key.empty() && key.size() <= kLongestKey, "a metadata key is empty or too long");
  put_string(out, key);
  put<uint32_t>(out, static_cast<uint32_t>(value.index()));
  if (const auto* array = std::get_if<MetadataArray>(&value)) {
    put<uint32_t>(out, static_cast<uint32_t>(array->index()));
    std::visit([&](const auto& all) { put_element(out, all); }, *array);
  } else {
    std::visit(
        [&](const auto& held) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(held)>, MetadataArray>) put_element(out, held);
        },
        value);
  }
}

uint64_t padded(uint64_t size, uint64_t alignment) { return (size + alignment - 1) / alignment * alignment; }

uint64_t alignment_of(const Metadata& metadata) {
  const MetadataValue* value = metadata.find("general.alignment");
  if (!value) return 32;
  const auto* alignment = std::get_if<uint32_t>(value);
  ensure(alignment && std::has_single_bit(*alignment), "general.alignment must be u32 and a power of two");
  return *alignment;
}

std::string header_bytes(const Metadata& metadata, std::span<const TensorInfo> tensors) {
  std::string out = "GGUF";
  put<uint32_t>(out, 3);
  put<uint64_t>(out, tensors.size());
  put<uint64_t>(out, metadata.entries().size());
  const auto is_first = [](const Metadata::Entry& entry) { return entry.first == "general.architecture"; };
  for (const auto& entry : metadata.entries()) {
    if (is_first(entry)) put_pair(out, entry);
  }
  for (const auto& entry : metadata.entries()) {
    if (!is_first(entry)) put_pair(out, entry);
  }
  for (const TensorInfo& info : tensors) {
    put_string(out, info.name);
    put<uint32_t>(out, static_cast<uint32_t>(info.dimensions));
    for (int axis = 0; axis < info.dimensions; ++axis) put<int64_t>(out, info.ne[static_cast<size_t>(axis)]);
    put<uint32_t>(out, static_cast<uint32_t>(info.dtype));
    put<uint64_t>(out, info.offset);
  }
  return out;
}

}  // namespace

TensorInfo make_tensor_info(std::string name, DType dtype, std::span<const int64_t> ne) {
  ensure(!name.empty() && name.size() <= kLongestName,
         "the tensor name \"" + name + "\" is empty or longer than 63 bytes");
  ensure(!ne.empty() && ne.size() <= 4, "tensor \"" + name + "\" must have 1 to 4 axes");
  TensorInfo info;
  info.name = std::move(name);
  info.dtype = dtype;
  info.dimensions = static_cast<int>(ne.size());
  for (size_t axis = 0; axis < ne.size(); ++axis) {
    ensure(ne[axis] >= 1, "tensor \"" + info.name + "\" has an empty axis");
    info.ne[axis] = ne[axis];
  }
  info.bytes = matrix_bytes(dtype, info.rows(), info.columns()) + (dtype == DType::I2_S ? kI2sTail : 0);
  return info;
}

uint64_t gguf_file_bytes(const Metadata& metadata, std::span<const TensorInfo> tensors) {
  const uint64_t alignment = alignment_of(metadata);
  uint64_t bytes = padded(header_bytes(metadata, tensors).size(), alignment);
  for (const TensorInfo& info : tensors) bytes += padded(info.bytes, alignment);
  return bytes;
}

GgufWriter::GgufWriter(const std::string& path, const Metadata& metadata, std::vector<TensorInfo> tensors)
    : file_(path), tensors_(std::move(tensors)), alignment_(alignment_of(metadata)) {
  std::unordered_set<std::string_view> names;
  uint64_t offset = 0;
  for (TensorInfo& info : tensors_) {
    ensure(names.insert(info.name).second, "tensor \"" + info.name + "\" is written twice");
    info.offset = offset;
    info.shard = 0;
    offset += padded(info.bytes, alignment_);
  }
  std::string header = header_bytes(metadata, tensors_);
  header.resize(padded(header.size(), alignment_), '\0');
  for (TensorInfo& info : tensors_) info.offset += header.size();

  file_bytes_ = header.size() + offset;
  file_.check_space(file_bytes_);
  file_.write(header.data(), header.size());
}

void GgufWriter::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ensure(current_ < tensors_.size(), "more bytes than the tensors of the file take");
    const auto part = static_cast<size_t>(std::min<uint64_t>(bytes.size(), tensors_[current_].bytes - written_));
    file_.write(bytes.data(), part);
    written_ += part;
    bytes = bytes.subspan(part);
    if (written_ == tensors_[current_].bytes) finish_tensor();
  }
}

void GgufWriter::finish_tensor() {
  const std::string padding(padded(written_, alignment_) - written_, '\0');
  file_.write(padding.data(), padding.size());
  ++current_;
  written_ = 0;
}

void GgufWriter::commit() {
  ensure(current_ == tensors_.size(), "a GGUF file is committed before all its tensors are written");
  ensure(file_.position() == file_bytes_, "a GGUF file has not the size that was computed for it");
  file_.commit();
}

}  // namespace hone
