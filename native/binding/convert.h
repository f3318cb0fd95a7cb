#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Strict conversion of arguments: nothing is coerced. What does not fit throws Error "addon.argument" that names the
/// value ("recipe.rank"), the limit and what was found. `name` is how the person who calls knows the value.
namespace hone::binding {

std::string to_string(const Napi::Value& value, std::string_view name);
bool to_boolean(const Napi::Value& value, std::string_view name);
/// A finite number in [low, high].
double to_number(const Napi::Value& value, std::string_view name, double low, double high);
/// A whole number in [low, high]; both within ±2^53.
int64_t to_integer(const Napi::Value& value, std::string_view name, int64_t low, int64_t high);
/// An object that is neither an array nor a function.
Napi::Object to_object(const Napi::Value& value, std::string_view name);
Napi::Array to_array(const Napi::Value& value, std::string_view name);
Napi::Function to_function(const Napi::Value& value, std::string_view name);
/// Copies: JavaScript may change or detach its memory at any time.
std::vector<int32_t> to_int32s(const Napi::Value& value, std::string_view name);
std::vector<uint8_t> to_bytes(const Napi::Value& value, std::string_view name);
/// An object whose own values are all strings, in its order.
std::vector<std::pair<std::string, std::string>> to_string_pairs(const Napi::Value& value, std::string_view name);

Napi::Int32Array from_int32s(Napi::Env env, std::span<const int32_t> values);
Napi::Float32Array from_floats(Napi::Env env, std::span<const float> values);

/// 16 hexadecimal digits.
Napi::String from_checksum(Napi::Env env, uint64_t value);

/// Throws "addon.argument": `name` must be `limit`, with what `value` is instead.
[[noreturn]] void refuse(const Napi::Value& value, std::string_view name, std::string_view limit);

/// One of a fixed list of words.
template <class Enum>
struct Choice {
  std::string_view word;
  Enum value;
};

size_t find_choice(const Napi::Value& value, std::string_view name, std::span<const std::string_view> words);

template <class Enum, size_t N>
Enum to_choice(const Napi::Value& value, std::string_view name, const Choice<Enum> (&choices)[N]) {
  std::string_view words[N];
  for (size_t i = 0; i < N; ++i) words[i] = choices[i].word;
  return choices[find_choice(value, name, words)].value;
}

/// The properties of an argument by name; errors say "name.property".
class Fields {
 public:
  Fields(const Napi::Value& value, std::string name) : object_(to_object(value, name)), name_(std::move(name)) {}

  Napi::Value get(const char* key) const { return object_.Get(key); }
  bool has(const char* key) const { return !get(key).IsUndefined(); }
  std::string path(const char* key) const { return name_ + "." + key; }

  std::string string(const char* key) const { return to_string(get(key), path(key)); }
  bool boolean(const char* key) const { return to_boolean(get(key), path(key)); }
  double number(const char* key, double low, double high) const { return to_number(get(key), path(key), low, high); }
  int64_t integer(const char* key, int64_t low, int64_t high) const {
    return to_integer(get(key), path(key), low, high);
  }
  Napi::Array array(const char* key) const { return to_array(get(key), path(key)); }
  Napi::Function function(const char* key) const { return to_function(get(key), path(key)); }
  std::vector<int32_t> int32s(const char* key) const { return to_int32s(get(key), path(key)); }
  std::vector<uint8_t> bytes(const char* key) const { return to_bytes(get(key), path(key)); }

  template <class Enum, size_t N>
  Enum choice(const char* key, const Choice<Enum> (&choices)[N]) const {
    return to_choice(get(key), path(key), choices);
  }

 private:
  Napi::Object object_;
  std::string name_;
};

}  // namespace hone::binding
