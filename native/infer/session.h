#pragma once

#include "infer/resident_model.h"
#include "model/decoder.h"

#include <memory>
#include <span>

namespace hone {

/// One sequence running through a resident model: a backend, a decoder and a key/value cache of its own. Any number of
/// sessions may run at the same time, each on its own thread, with different adapters and strengths.
class Session {
 public:
  /// Room for `positions` tokens, with keys and values in the type that the model was opened with.
  /// `base` must outlive the session.
  Session(const ResidentModel& base, int64_t positions, ActivationMode activations = ActivationMode::automatic);

  /// For measuring: keys and values in `cache`.
  Session(const ResidentModel& base, int64_t positions, ActivationMode activations, DType cache);

  Decoder& decoder() noexcept { return decoder_; }
  KvCache& cache() noexcept { return cache_; }

 private:
  std::unique_ptr<Backend> backend_;
  Decoder decoder_;
  KvCache cache_;
};

/// Throws "generate.prompt" for no tokens and "generate.context" for more than the model's context.
void check_prompt(const ResidentModel& base, std::span<const int32_t> tokens);

}  // namespace hone
