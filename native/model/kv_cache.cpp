#include "model/kv_cache.h"

namespace hone {

KvCache::KvCache(Backend& backend, const ModelConfig& config, int64_t capacity, DType dtype)
    : arena_(backend), capacity_(capacity) {
  ensure(capacity > 0, "a key/value cache without room");
  ensure(dtype == DType::F32 || dtype == DType::F16 || dtype == DType::Q8_0, "a key/value cache of another type");
  if (config.head_dim % traits(dtype).block_length != 0) dtype = DType::F16;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const bool convolution = config.is_convolution(layer);
    keys_.push_back(convolution ? Tensor{} : arena_.make(capacity, config.key_width(), dtype));
    values_.push_back(convolution ? Tensor{} : arena_.make(capacity, config.key_width(), dtype));
    history_.push_back(convolution ? arena_.make(capacity, config.dim) : Tensor{});
  }
}

void KvCache::truncate(int64_t length) {
  ensure(length >= 0 && length <= length_, "a cache can only be cut to a part of itself");
  length_ = length;
}

void KvCache::advance(int64_t tokens) {
  ensure(tokens >= 0 && length_ + tokens <= capacity_, "a key/value cache overflows");
  length_ += tokens;
}

}  // namespace hone
