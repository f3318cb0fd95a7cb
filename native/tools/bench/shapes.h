#pragma once

#include "core/dtype.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Models of true shapes with random weights: speed does not depend on what the weights say.
namespace hone::bench {

struct Shape {
  std::string_view name, architecture;
  DType matrices, embedding;
  int64_t dim, layers, heads, groups, head_dim, feed_forward, vocabulary;
  bool sub_norms, head_norms;

  int64_t query_width() const noexcept { return heads * head_dim; }
  int64_t key_width() const noexcept { return groups * head_dim; }
  /// Weights in the matrices of all blocks.
  int64_t block_weights() const noexcept;
  /// Bytes that one token of generation reads: every matrix and the head (tied).
  size_t bytes_per_token() const noexcept;
};

std::span<const Shape> shapes() noexcept;
const Shape& find_shape(std::string_view name);  ///< Error "usage" with the names there are

/// Writes the model as GGUF, with a tokenizer of one token per word "wN". All heads are tied to the embedding.
void write_model(const Shape& shape, const std::string& path);

}  // namespace hone::bench
