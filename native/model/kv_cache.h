#pragma once

#include "model/arena.h"
#include "model/config.h"

#include <vector>

namespace hone {

/// What layers keep of the tokens seen so far: keys (after rotation) and values, or the gated inputs (float32) of a
/// short convolution. Those are kept for all tokens, though only the last few are read, so that any prefix can stay.
class KvCache {
 public:
  /// Keys and values are kept as `dtype`: F32, F16, or Q8_0. The last becomes F16 where a head is not a whole number of
  /// its blocks.
  KvCache(Backend& backend, const ModelConfig& config, int64_t capacity, DType dtype = DType::F32);

  int64_t capacity() const noexcept { return capacity_; }
  int64_t length() const noexcept { return length_; }
  size_t bytes() const noexcept { return arena_.bytes(); }

  Tensor keys(int64_t layer) const { return keys_[static_cast<size_t>(layer)]; }      ///< [capacity, G·d]
  Tensor values(int64_t layer) const { return values_[static_cast<size_t>(layer)]; }  ///< [capacity, G·d]

  /// [capacity, D] of a convolution, see ops::ShortConvolution; such a layer has no keys and values.
  Tensor history(int64_t layer) const { return history_[static_cast<size_t>(layer)]; }

  /// Forgets all but the first `length` tokens: a common prefix need not be computed again.
  void truncate(int64_t length);
  /// Counts tokens whose keys and values were just written by the decoder.
  void advance(int64_t tokens);

 private:
  Arena arena_;
  int64_t capacity_;
  int64_t length_ = 0;
  std::vector<Tensor> keys_, values_, history_;
};

}  // namespace hone
