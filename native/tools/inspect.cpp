#include "core/error.h"
#include "gguf/reader.h"

#include <cstdio>
#include <string>
#include <variant>

// hone_inspect FILE.gguf: prints keys and tensors of a GGUF file as they are in it.

namespace {

constexpr size_t kLongestText = 120;

/// Control characters would let a file move the cursor of the terminal it is shown in.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char c : text.substr(0, kLongestText)) shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return text.size() > kLongestText ? shown + "… (" + std::to_string(text.size()) + " bytes)" : shown;
}

struct ValueText {
  std::string operator()(const std::string& text) const { return printable(text); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(float value) const { return std::to_string(value); }
  std::string operator()(double value) const { return std::to_string(value); }
  template <class Integer>
  std::string operator()(Integer value) const {
    return std::to_string(value);
  }
  std::string operator()(const hone::MetadataArray& array) const {
    return std::visit(
        [](const auto& values) -> std::string {
          if constexpr (requires { values.size(); }) return std::to_string(values.size()) + " elements";
          return "empty";
        },
        array);
  }
};

void print(const hone::GgufFile& file) {
  for (const auto& [key, value] : file.metadata().entries()) {
    std::printf("%-44s %-16s %s\n", printable(key).c_str(), hone::type_text(value).c_str(),
                std::visit(ValueText(), value).c_str());
  }
  std::printf("\n");
  for (const hone::TensorInfo& tensor : file.tensors()) {
    std::printf("%-44s %-8s %-20s %zu bytes\n", printable(tensor.name).c_str(),
                std::string(hone::traits(tensor.dtype).name).c_str(), hone::shape_text(tensor).c_str(), tensor.bytes);
  }
  std::printf("\n%zu keys, %zu tensors, %llu bytes in %zu files\n", file.metadata().entries().size(),
              file.tensors().size(), static_cast<unsigned long long>(file.file_bytes()), file.paths().size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FILE.gguf\n", argv[0]);
    return 2;
  }
  try {
    print(*hone::GgufFile::open(argv[1]));
    return 0;
  } catch (const hone::Error& error) {
    std::fprintf(stderr, "[%s] %s\n%s%s\n", error.code().c_str(), error.what(), error.hint().empty() ? "" : "hint: ",
                 error.hint().c_str());
    return 1;
  }
}
