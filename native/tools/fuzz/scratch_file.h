#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace hone::fuzz {

/// A file of this process that holds the current input, for readers that map files.
inline std::string scratch_file(const uint8_t* data, size_t size) {
  static const std::string path =
      (std::filesystem::temp_directory_path() / ("hone-fuzz-" + std::to_string(getpid()) + ".gguf")).string();
  static const bool registered = std::atexit([] { std::filesystem::remove(path); }) == 0;
  (void)registered;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

}  // namespace hone::fuzz
