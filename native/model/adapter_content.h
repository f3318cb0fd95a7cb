#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hone {

/// One float32 matrix of an adapter, row-major, named as in its file ("blk.0.attn_q.weight.lora_a").
struct NamedMatrix {
  std::string name;
  int64_t rows = 0, columns = 0;
  std::vector<float> values;
};

/// An adapter as its file holds it, without a model.
struct AdapterContent {
  std::string architecture, name;
  float alpha = 0;  ///< 0: the scale of every pair is the person's strength alone
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<NamedMatrix> matrices;  ///< in the order of the file
};

/// Writes a float32 GGUF adapter with keys in the order of the specification. The file appears whole or not at all.
/// Errors: those of AtomicFile; "adapter.not-finite" naming the matrix. Whether the pairs are complete and fit a model
/// is found when the file is read.
void write_adapter_content(const std::string& path, const AdapterContent& content);

}  // namespace hone
