#include "model/kv_cache.h"

namespace hone {

KvCache::KvCache(Backend& backend, const ModelConfig& config, int64_t capacity) : arena_(backend), capacity_(capacity) {
  ensure(capacity > 0, "a key/value cache without room");
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const bool convolution = config.is_convolution(layer);
    keys_.push_back(convolution ? Tensor{} : arena_.make(capacity, config.key_width()));
    values_.push_back(convolution ? Tensor{} : arena_.make(capacity, config.key_width()));
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
