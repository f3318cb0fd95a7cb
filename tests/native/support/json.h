#pragma once

#include "support/test.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <variant>
#include <vector>

/// A small JSON reader for the fixtures. Trusts its input; a mistake in a fixture ends the case with its position.
///
///     const Json cases = read_json(fixture("tokenizer_cases.json"));
///     for (const Json& item : cases["spm"]["cases"].items()) item["text"].text();
namespace hone::test {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json>;

  std::variant<std::nullptr_t, bool, double, std::string, Array, Object> value = nullptr;

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
  bool boolean() const { return get<bool>("a boolean"); }
  double number() const { return get<double>("a number"); }
  int64_t integer() const { return static_cast<int64_t>(number()); }
  const std::string& text() const { return get<std::string>("a string"); }
  const Array& items() const { return get<Array>("an array"); }
  const Object& members() const { return get<Object>("an object"); }
  size_t size() const { return items().size(); }

  bool contains(const std::string& name) const { return members().count(name) != 0; }
  const Json& operator[](const std::string& name) const {
    const auto found = members().find(name);
    if (found == members().end()) throw Failure("the JSON object has no member \"" + name + "\"");
    return found->second;
  }
  const Json& operator[](size_t index) const { return items().at(index); }

  /// An array of numbers.
  template <class T>
  std::vector<T> numbers() const {
    std::vector<T> all;
    for (const Json& item : items()) all.push_back(static_cast<T>(item.number()));
    return all;
  }

 private:
  template <class T>
  const T& get(const char* what) const {
    if (!std::holds_alternative<T>(value)) throw Failure(std::string("the JSON value is not ") + what);
    return std::get<T>(value);
  }
};

class JsonParser {
 public:
  explicit JsonParser(const std::string& text) : text_(text) {}

  Json document() {
    Json result = parse();
    space();
    if (at_ != text_.size()) fail("something follows the document");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Failure("JSON at byte " + std::to_string(at_) + ": " + what);
  }

  void space() {
    at_ = std::min(text_.find_first_not_of(" \n\t\r", at_), text_.size());
  }
  char peek() {
    space();
    if (at_ >= text_.size()) fail("the text ends early");
    return text_[at_];
  }
  bool take(char expected) {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }
  void need(char expected) {
    if (!take(expected)) fail(std::string("expected '") + expected + "'");
  }
  bool word(const char* expected) {
    const std::string wanted = expected;
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }

  Json parse() {
    switch (peek()) {
      case '{': return {object()};
      case '[': return {array()};
      case '"': return {string()};
      default: break;
    }
    if (word("null")) return {};
    if (word("true")) return {true};
    if (word("false")) return {false};
    if (word("NaN")) return {std::stod("nan")};
    size_t used = 0;
    double number = 0;
    try {
      number = std::stod(text_.substr(at_, 40), &used);
    } catch (const std::exception&) {
      fail("expected a value");
    }
    at_ += used;
    return {number};
  }

  Json::Object object() {
    Json::Object all;
    need('{');
    if (take('}')) return all;
    do {
      space();
      std::string name = string();
      need(':');
      all[std::move(name)] = parse();
    } while (take(','));
    need('}');
    return all;
  }

  Json::Array array() {
    Json::Array all;
    need('[');
    if (take(']')) return all;
    do all.push_back(parse());
    while (take(','));
    need(']');
    return all;
  }

  uint32_t hex4() {
    const uint32_t code = static_cast<uint32_t>(std::stoul(text_.substr(at_, 4), nullptr, 16));
    at_ += 4;
    return code;
  }

  std::string string() {
    need('"');
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        out += text_[at_++];
        continue;
      }
      const char escape = text_.at(at_ + 1);
      at_ += 2;
      switch (escape) {
        case 'n': out += '\n'; break;
        case 't': out += '\t'; break;
        case 'r': out += '\r'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'u': append_utf8(out, code_point()); break;
        default: out += escape;
      }
    }
    if (at_ >= text_.size()) fail("a string does not end");
    ++at_;
    return out;
  }

  uint32_t code_point() {
    const uint32_t high = hex4();
    if (high < 0xd800 || high > 0xdbff || text_.compare(at_, 2, "\\u") != 0) return high;
    at_ += 2;
    return 0x10000 + ((high - 0xd800) << 10) + (hex4() - 0xdc00);
  }

  static void append_utf8(std::string& out, uint32_t code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xc0 | (code >> 6));
      out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xe0 | (code >> 12));
      out += static_cast<char>(0x80 | ((code >> 6) & 63));
      out += static_cast<char>(0x80 | (code & 63));
    } else {
      out += static_cast<char>(0xf0 | (code >> 18));
      out += static_cast<char>(0x80 | ((code >> 12) & 63));
      out += static_cast<char>(0x80 | ((code >> 6) & 63));
      out += static_cast<char>(0x80 | (code & 63));
    }
  }

  const std::string& text_;
  size_t at_ = 0;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline Json read_json(const std::string& path) {
  const std::string text = read_bytes(path);
  return JsonParser(text).document();
}

inline std::string decode_base64(const std::string& text) {
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    int digit;
    if (c >= 'A' && c <= 'Z') digit = c - 'A';
    else if (c >= 'a' && c <= 'z') digit = c - 'a' + 26;
    else if (c >= '0' && c <= '9') digit = c - '0' + 52;
    else if (c == '+') digit = 62;
    else if (c == '/') digit = 63;
    else continue;
    bits = (bits << 6) | static_cast<uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 255);
    }
  }
  return out;
}

inline std::string decode_hex(const std::string& text) {
  std::string out;
  for (size_t i = 0; i + 1 < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}

}  // namespace hone::test
