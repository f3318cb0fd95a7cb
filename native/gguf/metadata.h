#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace hone {

/// Value types with their ids in the file.
enum class ValueType : uint32_t {
  u8 = 0, i8 = 1, u16 = 2, i16 = 3, u32 = 4, i32 = 5, f32 = 6, boolean = 7, string = 8, array = 9,
  u64 = 10, i64 = 11, f64 = 12,
};

/// A true vector of bool, without the bit packing of std::vector<bool>.
enum class Bool : uint8_t { no = 0, yes = 1 };

/// Elements of one type; the index of the variant is the id of that type (arrays of arrays do not exist).
using MetadataArray =
    std::variant<std::vector<uint8_t>, std::vector<int8_t>, std::vector<uint16_t>, std::vector<int16_t>,
                 std::vector<uint32_t>, std::vector<int32_t>, std::vector<float>, std::vector<Bool>,
                 std::vector<std::string>, std::monostate, std::vector<uint64_t>, std::vector<int64_t>,
                 std::vector<double>>;

/// One value; the index of the variant is the id of its type.
using MetadataValue = std::variant<uint8_t, int8_t, uint16_t, int16_t, uint32_t, int32_t, float, bool, std::string,
                                   MetadataArray, uint64_t, int64_t, double>;

/// "u32", "array of string", …
std::string type_text(const MetadataValue& value);

/// The key-value pairs of a GGUF file, in file order. Strings are whatever bytes the file holds: untrusted text,
/// usually UTF-8.
///
/// Every kind has three getters: `find_x` gives nothing when the key is absent, `require_x` throws
/// "metadata.missing", and `x` takes a fallback. All throw "metadata.type" when the key holds something else.
/// Integers of any width and sign are accepted where the value fits; reals accept any number.
class Metadata {
 public:
  using Entry = std::pair<std::string, MetadataValue>;

  Metadata() = default;
  /// `source` is the file name that errors mention.
  explicit Metadata(std::string source) : source_(std::move(source)) {}

  /// Adds a key or replaces its value in place.
  void set(std::string key, MetadataValue value);
  void erase(std::string_view key);

  bool contains(std::string_view key) const { return find(key) != nullptr; }
  const MetadataValue* find(std::string_view key) const;
  std::span<const Entry> entries() const noexcept { return entries_; }
  const std::string& source() const noexcept { return source_; }

  std::optional<int64_t> find_integer(std::string_view key) const;
  int64_t require_integer(std::string_view key) const;
  int64_t integer(std::string_view key, int64_t fallback) const;

  std::optional<double> find_real(std::string_view key) const;
  double require_real(std::string_view key) const;
  double real(std::string_view key, double fallback) const;

  std::optional<bool> find_boolean(std::string_view key) const;
  bool require_boolean(std::string_view key) const;
  bool boolean(std::string_view key, bool fallback) const;

  const std::string* find_string(std::string_view key) const;
  const std::string& require_string(std::string_view key) const;
  std::string string(std::string_view key, std::string_view fallback) const;

  /// Arrays. Numbers are converted; strings are borrowed from this object (they can be the whole vocabulary).
  const std::vector<std::string>* find_strings(std::string_view key) const;
  const std::vector<std::string>& require_strings(std::string_view key) const;
  std::optional<std::vector<int64_t>> find_integers(std::string_view key) const;
  std::optional<std::vector<float>> find_reals(std::string_view key) const;
  std::optional<std::vector<bool>> find_booleans(std::string_view key) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  [[noreturn]] void fail_missing(std::string_view key, std::string_view expected) const;
  [[noreturn]] void fail_type(std::string_view key, const MetadataValue& found, std::string_view expected) const;

  std::string source_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> index_;
};

}  // namespace hone
