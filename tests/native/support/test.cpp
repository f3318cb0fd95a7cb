#include "support/test.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <vector>

namespace hone::test {
namespace {

struct Entry {
  std::string file, name;
  std::function<void()> body;
};

std::vector<Entry>& entries() {
  static std::vector<Entry> all;
  return all;
}

std::vector<std::function<void()>>& checks() {
  static std::vector<std::function<void()>> all;
  return all;
}

struct Folders {
  std::vector<std::filesystem::path> paths;
  ~Folders() {
    std::error_code ignored;
    for (const auto& path : paths) std::filesystem::remove_all(path, ignored);
  }
} folders;

}  // namespace

Case::Case(const char* file, const char* name, std::function<void()> body) {
  entries().push_back({std::filesystem::path(file).filename().string(), name, std::move(body)});
}

AfterEach::AfterEach(std::function<void()> check) { checks().push_back(std::move(check)); }

void report(const std::string& line) { std::printf("      %s\n", line.c_str()); }

std::string fixture(const std::string& name) { return std::string(HONE_FIXTURES) + "/" + name; }

std::string temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hone-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw Failure("no temporary folder can be made");
  folders.paths.emplace_back(pattern);
  return pattern;
}

}  // namespace hone::test

/// Runs all cases, or those whose file or name contains one of the arguments. Ends with "N passed, M failed".
int main(int argc, char** argv) {
  using namespace hone::test;
  const std::vector<const char*> only(argv + 1, argv + argc);
  int passed = 0, failed = 0;
  for (const auto& entry : entries()) {
    const bool wanted = std::any_of(only.begin(), only.end(), [&](const char* text) {
      return std::strstr(entry.name.c_str(), text) || std::strstr(entry.file.c_str(), text);
    });
    if (!only.empty() && !wanted) continue;
    const auto begin = std::chrono::steady_clock::now();
    std::string problem;
    try {
      entry.body();
      for (const auto& check : checks()) check();
    } catch (const hone::Error& error) {
      problem = "Error [" + error.code() + "] " + error.what();
    } catch (const std::exception& error) {
      problem = error.what();
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("  %s %s: %s (%.2f s)\n", problem.empty() ? "ok  " : "FAIL", entry.file.c_str(), entry.name.c_str(), seconds);
    if (problem.empty()) {
      ++passed;
    } else {
      ++failed;
      std::printf("      %s\n", problem.c_str());
    }
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
