#include "gguf/metadata.h"

#include "core/error.h"

#include <array>
#include <limits>
#include <type_traits>

namespace hone {
namespace {

constexpr std::array<std::string_view, 13> kTypeNames = {"u8",  "i8",   "u16",    "i16",   "u32", "i32", "f32",
                                                         "bool", "string", "array", "u64", "i64", "f64"};

template <class T>
constexpr bool is_integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;

/// The value as int64, nothing for what is no integer or does not fit.
std::optional<int64_t> as_integer(const MetadataValue& value) {
  return std::visit(
      [](const auto& held) -> std::optional<int64_t> {
        using T = std::decay_t<decltype(held)>;
        if constexpr (is_integer<T>) {
          if constexpr (std::is_same_v<T, uint64_t>) {
            if (held > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
          }
          return static_cast<int64_t>(held);
        } else {
          return std::nullopt;
        }
      },
      value);
}

std::optional<double> as_real(const MetadataValue& value) {
  return std::visit(
      [](const auto& held) -> std::optional<double> {
        using T = std::decay_t<decltype(held)>;
        if constexpr (is_integer<T> || std::is_floating_point_v<T>) {
          return static_cast<double>(held);
        } else {
          return std::nullopt;
        }
      },
      value);
}

template <class Element, class Convert>
std::optional<std::vector<Element>> converted(const MetadataArray& array, Convert convert) {
  return std::visit(
      [&](const auto& held) -> std::optional<std::vector<Element>> {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return std::nullopt;
        } else {
          std::vector<Element> all;
          all.reserve(held.size());
          for (const auto& item : held) {
            const auto element = convert(item);
            if (!element) return std::nullopt;
            all.push_back(static_cast<Element>(*element));
          }
          return all;
        }
      },
      array);
}

}  // namespace

std::string type_text(const MetadataValue& value) {
  if (const auto* array = std::get_if<MetadataArray>(&value)) {
    return std::string("array of ").append(kTypeNames[array->index()]);
  }
  return std::string(kTypeNames[value.index()]);
}

void Metadata::set(std::string key, MetadataValue value) {
  const auto [place, added] = index_.try_emplace(key, entries_.size());
  if (added) {
    entries_.emplace_back(std::move(key), std::move(value));
  } else {
    entries_[place->second].second = std::move(value);
  }
}

void Metadata::erase(std::string_view key) {
  const auto place = index_.find(key);
  if (place == index_.end()) return;
  entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(place->second));
  index_.clear();
  for (size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].first, i);
}

const MetadataValue* Metadata::find(std::string_view key) const {
  const auto place = index_.find(key);
  return place == index_.end() ? nullptr : &entries_[place->second].second;
}

void Metadata::fail_missing(std::string_view key, std::string_view expected) const {
  throw Error("metadata.missing",
              source_ + ": the key \"" + std::string(key) + "\" (" + std::string(expected) + ") is missing",
              "The file was probably not made for this purpose, or its conversion was incomplete.");
}

void Metadata::fail_type(std::string_view key, const MetadataValue& found, std::string_view expected) const {
  std::string text = type_text(found);
  if (const auto* large = std::get_if<uint64_t>(&found)) text.append(" ").append(std::to_string(*large));
  throw Error("metadata.type",
              source_ + ": the key \"" + std::string(key) + "\" holds " + text + ", expected " + std::string(expected),
              "Convert the model again with a current converter.");
}

std::optional<int64_t> Metadata::find_integer(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const auto integer = as_integer(*value);
  if (!integer) fail_type(key, *value, "an integer");
  return integer;
}

int64_t Metadata::require_integer(std::string_view key) const {
  if (const auto value = find_integer(key)) return *value;
  fail_missing(key, "an integer");
}

int64_t Metadata::integer(std::string_view key, int64_t fallback) const { return find_integer(key).value_or(fallback); }

std::optional<double> Metadata::find_real(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const auto real = as_real(*value);
  if (!real) fail_type(key, *value, "a number");
  return real;
}

double Metadata::require_real(std::string_view key) const {
  if (const auto value = find_real(key)) return *value;
  fail_missing(key, "a number");
}

double Metadata::real(std::string_view key, double fallback) const { return find_real(key).value_or(fallback); }

std::optional<bool> Metadata::find_boolean(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const bool* boolean = std::get_if<bool>(value);
  if (!boolean) fail_type(key, *value, "a bool");
  return *boolean;
}

bool Metadata::require_boolean(std::string_view key) const {
  if (const auto value = find_boolean(key)) return *value;
  fail_missing(key, "a bool");
}

bool Metadata::boolean(std::string_view key, bool fallback) const { return find_boolean(key).value_or(fallback); }

const std::string* Metadata::find_string(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return nullptr;
  const auto* string = std::get_if<std::string>(value);
  if (!string) fail_type(key, *value, "a string");
  return string;
}

const std::string& Metadata::require_string(std::string_view key) const {
  if (const auto* value = find_string(key)) return *value;
  fail_missing(key, "a string");
}

std::string Metadata::string(std::string_view key, std::string_view fallback) const {
  const auto* value = find_string(key);
  return value ? *value : std::string(fallback);
}

const std::vector<std::string>* Metadata::find_strings(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return nullptr;
  const auto* array = std::get_if<MetadataArray>(value);
  const auto* strings = array ? std::get_if<std::vector<std::string>>(array) : nullptr;
  if (!strings) fail_type(key, *value, "an array of strings");
  return strings;
}

const std::vector<std::string>& Metadata::require_strings(std::string_view key) const {
  if (const auto* value = find_strings(key)) return *value;
  fail_missing(key, "an array of strings");
}

std::optional<std::vector<int64_t>> Metadata::find_integers(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const auto* array = std::get_if<MetadataArray>(value);
  auto all = array ? converted<int64_t>(*array,
                                        [](const auto& item) -> std::optional<int64_t> {
                                          if constexpr (std::is_same_v<std::decay_t<decltype(item)>, Bool>) {
                                            return std::nullopt;
                                          } else {
                                            return as_integer(MetadataValue(item));
                                          }
                                        })
                   : std::nullopt;
  if (!all) fail_type(key, *value, "an array of integers");
  return all;
}

std::optional<std::vector<float>> Metadata::find_reals(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const auto* array = std::get_if<MetadataArray>(value);
  auto all = array ? converted<float>(*array,
                                      [](const auto& item) -> std::optional<double> {
                                        if constexpr (std::is_same_v<std::decay_t<decltype(item)>, Bool>) {
                                          return std::nullopt;
                                        } else {
                                          return as_real(MetadataValue(item));
                                        }
                                      })
                   : std::nullopt;
  if (!all) fail_type(key, *value, "an array of numbers");
  return all;
}

std::optional<std::vector<bool>> Metadata::find_booleans(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (!value) return std::nullopt;
  const auto* array = std::get_if<MetadataArray>(value);
  const auto* held = array ? std::get_if<std::vector<Bool>>(array) : nullptr;
  if (!held) fail_type(key, *value, "an array of bools");
  std::vector<bool> all;
  for (const Bool item : *held) all.push_back(item == Bool::yes);
  return all;
}

}  // namespace hone
