#pragma once

#include "model/kv_cache.h"
#include "model/lora.h"
#include "model/weights.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hone {

struct DecoderOptions {
  int64_t positions = 0;    ///< longest sequence; 0: the model's context
  int64_t chunk = 256;      ///< tokens run at once; longer inputs go through in pieces
  ActivationMode activations = ActivationMode::automatic;
};

/// The next token of one of several sequences.
struct DecoderTurn {
  int32_t token = 0;
  KvCache* cache = nullptr;
  std::span<const ActiveAdapter> adapters;
};

/// Inference: runs tokens through a model with a key/value cache. One decoder can serve any number of caches and
/// adapter sets, one call at a time, on the thread that uses its backend. Feeding a sequence token by token, in
/// chunks or whole gives the same results to float32 rounding.
class Decoder {
 public:
  /// `config` and `weights` must outlive the decoder.
  Decoder(Backend& backend, const ModelConfig& config, const ModelWeights& weights, const DecoderOptions& options = {});
  ~Decoder();

  /// Appends `tokens` to `cache` and returns the logits of the last one: V floats, valid until the next call.
  /// Errors: "generate.context" when the cache would overflow, "generate.token" for an id outside the vocabulary.
  std::span<const float> next_logits(std::span<const int32_t> tokens, KvCache& cache,
                                     std::span<const ActiveAdapter> adapters = {});

  /// Appends one token each to the caches of up to `chunk` sequences, in one pass over the weights, and returns their
  /// logits, [turns, V] row-major, valid until the next call. With up to four sequences each gets the bits that it
  /// would get alone. Caches must be different ones.
  std::span<const float> next_logits(std::span<const DecoderTurn> turns);

  /// Appends `tokens` to `cache` and returns the logits of all of them, [tokens, V] row-major.
  std::vector<float> all_logits(std::span<const int32_t> tokens, KvCache& cache,
                                std::span<const ActiveAdapter> adapters = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
