#pragma once

#include "gguf/reader.h"
#include "gguf/writer.h"
#include "support/test.h"

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hone::test {

/// One tensor of a file that is being changed.
struct RewrittenTensor {
  TensorInfo info;
  std::vector<std::byte> bytes;
};

struct Rewrite {
  Metadata metadata;
  std::vector<RewrittenTensor> tensors;

  RewrittenTensor& tensor(const std::string& name) {
    for (auto& each : tensors) {
      if (each.info.name == name) return each;
    }
    throw Failure("no tensor " + name);
  }
  void remove(const std::string& name) {
    std::erase_if(tensors, [&](const auto& each) { return each.info.name == name; });
  }
  void add(const std::string& name, std::initializer_list<int64_t> ne, float value = 0) {
    RewrittenTensor made{make_tensor_info(name, DType::F32, ne), {}};
    std::vector<float> values(static_cast<size_t>(made.info.elements()), value);
    const auto bytes = std::as_bytes(std::span<const float>(values));
    made.bytes.assign(bytes.begin(), bytes.end());
    tensors.push_back(std::move(made));
  }
};

/// Writes a changed copy of a GGUF file into a temporary folder and returns its path.
inline std::string rewrite(const std::string& source, const std::function<void(Rewrite&)>& change) {
  const auto file = GgufFile::open(source);
  Rewrite copy{file->metadata(), {}};
  for (const auto& info : file->tensors()) {
    const auto bytes = file->data(info);
    copy.tensors.push_back({info, {bytes.begin(), bytes.end()}});
  }
  change(copy);
  const std::string path = temporary_folder() + "/changed.gguf";
  std::vector<TensorInfo> infos;
  for (const auto& each : copy.tensors) infos.push_back(each.info);
  GgufWriter writer(path, copy.metadata, std::move(infos));
  for (const auto& each : copy.tensors) writer.write(each.bytes);
  writer.commit();
  return path;
}

}  // namespace hone::test
