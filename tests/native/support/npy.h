#pragma once

#include "support/json.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace hone::test {

/// A float32 array of a .npy file, outer axis first.
struct Npy {
  std::vector<int64_t> shape;
  std::vector<float> values;

  int64_t rows() const { return shape.empty() ? 1 : shape[0]; }
  int64_t columns() const { return rows() ? static_cast<int64_t>(values.size()) / rows() : 0; }
};

/// Reads format 1.0 to 3.0, little endian, C order, float32.
inline Npy read_npy(const std::string& path) {
  const std::string bytes = read_bytes(path);
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0) throw Failure(path + " is not a .npy file");
  const bool wide = bytes[6] >= 2;
  uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, wide ? 4 : 2);
  const size_t start = wide ? 12 : 10;
  const std::string header = bytes.substr(start, length);
  if (header.find("'<f4'") == std::string::npos || header.find("'fortran_order': False") == std::string::npos) {
    throw Failure(path + " is not float32 in C order: " + header);
  }
  Npy result;
  size_t count = 1;
  size_t at = header.find('(', header.find("'shape'")) + 1;
  while (at < header.size() && header[at] != ')') {
    if (header[at] < '0' || header[at] > '9') {
      ++at;
      continue;
    }
    size_t used = 0;
    result.shape.push_back(std::stoll(header.substr(at), &used));
    count *= static_cast<size_t>(result.shape.back());
    at += used;
  }
  if (bytes.size() - start - length != count * sizeof(float)) throw Failure(path + " has the wrong size");
  result.values.resize(count);
  std::memcpy(result.values.data(), bytes.data() + start + length, count * sizeof(float));
  return result;
}

/// Raw little-endian float32 values.
inline std::vector<float> read_f32(const std::string& path) {
  const std::string bytes = read_bytes(path);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

}  // namespace hone::test
