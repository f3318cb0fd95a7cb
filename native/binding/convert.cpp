#include "binding/convert.h"

#include "core/error.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace hone::binding {
namespace {

/// A number as a person writes it: 3, 0.5, 1e+20.
std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

std::string describe(const Napi::Value& value) {
  if (value.IsUndefined()) return "missing";
  if (value.IsNull()) return "null";
  if (value.IsNumber()) return number_text(value.As<Napi::Number>().DoubleValue());
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value() ? "true" : "false";
  if (value.IsString()) {
    const std::string text = value.As<Napi::String>().Utf8Value();
    return text.size() > 40 ? "a text of " + std::to_string(text.size()) + " bytes" : "\"" + text + "\"";
  }
  if (value.IsFunction()) return "a function";
  if (value.IsTypedArray() || value.IsArrayBuffer() || value.IsDataView()) return "another kind of binary array";
  if (value.IsArray()) return "an array";
  if (value.IsBigInt()) return "a bigint";
  if (value.IsSymbol()) return "a symbol";
  return "an object";
}

/// A typed array of exactly this element type, copied.
template <class Element>
std::vector<Element> copy_typed(const Napi::Value& value, std::string_view name, napi_typedarray_type type,
                                std::string_view limit) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) refuse(value, name, limit);
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  std::vector<Element> copy(array.ElementLength());
  if (!copy.empty()) std::memcpy(copy.data(), array.Data(), copy.size() * sizeof(Element));
  return copy;
}

}  // namespace

void refuse(const Napi::Value& value, std::string_view name, std::string_view limit) {
  throw Error("addon.argument",
              "\"" + std::string(name) + "\" must be " + std::string(limit) + " but is " + describe(value));
}

std::string to_string(const Napi::Value& value, std::string_view name) {
  if (!value.IsString()) refuse(value, name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

bool to_boolean(const Napi::Value& value, std::string_view name) {
  if (!value.IsBoolean()) refuse(value, name, "true or false");
  return value.As<Napi::Boolean>().Value();
}

double to_number(const Napi::Value& value, std::string_view name, double low, double high) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(number >= low && number <= high)) {
    refuse(value, name, "a number from " + number_text(low) + " to " + number_text(high));
  }
  return number;
}

int64_t to_integer(const Napi::Value& value, std::string_view name, int64_t low, int64_t high) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(number >= static_cast<double>(low) && number <= static_cast<double>(high)) || number != std::floor(number)) {
    refuse(value, name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return static_cast<int64_t>(number);
}

Napi::Object to_object(const Napi::Value& value, std::string_view name) {
  if (!value.IsObject() || value.IsArray() || value.IsFunction()) refuse(value, name, "an object");
  return value.As<Napi::Object>();
}

Napi::Array to_array(const Napi::Value& value, std::string_view name) {
  if (!value.IsArray()) refuse(value, name, "an array");
  return value.As<Napi::Array>();
}

Napi::Function to_function(const Napi::Value& value, std::string_view name) {
  if (!value.IsFunction()) refuse(value, name, "a function");
  return value.As<Napi::Function>();
}

std::vector<int32_t> to_int32s(const Napi::Value& value, std::string_view name) {
  return copy_typed<int32_t>(value, name, napi_int32_array, "an Int32Array");
}

std::vector<uint8_t> to_bytes(const Napi::Value& value, std::string_view name) {
  return copy_typed<uint8_t>(value, name, napi_uint8_array, "a Uint8Array");
}

std::vector<std::pair<std::string, std::string>> to_string_pairs(const Napi::Value& value, std::string_view name) {
  const Napi::Object object = to_object(value, name);
  const Napi::Array keys = object.GetPropertyNames();
  std::vector<std::pair<std::string, std::string>> pairs;
  for (uint32_t i = 0; i < keys.Length(); ++i) {
    const Napi::Value key = keys.Get(i);
    std::string text = key.ToString().Utf8Value();
    std::string content = to_string(object.Get(key), std::string(name) + "." + text);
    pairs.emplace_back(std::move(text), std::move(content));
  }
  return pairs;
}

size_t find_choice(const Napi::Value& value, std::string_view name, std::span<const std::string_view> words) {
  const std::string text = value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
  std::string limit;
  for (size_t i = 0; i < words.size(); ++i) {
    if (value.IsString() && text == words[i]) return i;
    limit += (i == 0 ? "\"" : i + 1 == words.size() ? " or \"" : ", \"") + std::string(words[i]) + "\"";
  }
  refuse(value, name, limit);
}

Napi::Int32Array from_int32s(Napi::Env env, std::span<const int32_t> values) {
  Napi::Int32Array array = Napi::Int32Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size_bytes());
  return array;
}

Napi::Float32Array from_floats(Napi::Env env, std::span<const float> values) {
  Napi::Float32Array array = Napi::Float32Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size_bytes());
  return array;
}

Napi::String from_checksum(Napi::Env env, uint64_t value) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(value >> shift) & 15];
  return Napi::String::New(env, text);
}

}  // namespace hone::binding
