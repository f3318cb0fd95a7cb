#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace hone::fuzz {

/// A file of this process that holds the current input, for readers that map files. One for each ending of its name.
inline std::string scratch_file(const uint8_t* data, size_t size, const std::string& ending = ".gguf") {
  static const std::string folder = [] {
    static const std::string made =
        (std::filesystem::temp_directory_path() / ("hone-fuzz-" + std::to_string(getpid()))).string();
    std::filesystem::create_directory(made);
    std::atexit([] {
      std::error_code ignored;
      std::filesystem::remove_all(made, ignored);
    });
    return made;
  }();
  const std::string path = folder + "/input" + ending;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

}  // namespace hone::fuzz
