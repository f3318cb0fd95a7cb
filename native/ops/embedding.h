#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// y[t] = scale · table[ids[t]], table [V, D] in any weight type. Ids are checked by the caller.
struct Embedding {
  static constexpr std::string_view kName = "embedding";
  Tensor ids;  ///< [T, 1] int32
  Tensor table, y;
  float scale = 1;
  void check() const;
};

/// dtable[ids[t]] += scale · dy[t] in the order of t; dtable [V, D] float32. Training whole weights only.
struct EmbeddingBackward {
  static constexpr std::string_view kName = "embedding_backward";
  Tensor ids, dy, dtable;
  float scale = 1;
  void check() const;
};

}  // namespace hone::ops
