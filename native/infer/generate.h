#pragma once

#include "infer/resident_model.h"
#include "infer/sampler.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct GenerateRequest {
  std::vector<int32_t> prompt = {};
  std::vector<ActiveAdapter> adapters = {};
  SamplingOptions sampling = {};
  int64_t max_tokens = 256;
  std::vector<std::string> stop = {};  ///< the answer ends before the first of them
};

/// Why an answer ended: the model said so, a stop string, `max_tokens`, a full context, or somebody stopped it.
enum class GenerationEnd { end, stop_string, length, context, stopped };

std::string_view generation_end_name(GenerationEnd end) noexcept;  ///< "end", "stop-string", …

struct GenerationResult {
  GenerationEnd end = GenerationEnd::end;
  std::vector<int32_t> tokens;  ///< of the answer, without the token that ended it
  int64_t prompt_tokens = 0;
  double prompt_seconds = 0, decode_seconds = 0;
};

/// Pieces of the answer as they become certain; valid UTF-8, never empty. Called on the thread of `generate`.
using TextCallback = std::function<void(std::string_view)>;

/// Answers a prompt on the calling thread. The same request on the same model gives the same answer.
/// `stop` may be set by any thread; it is honoured before the next token, or the next 256 tokens of the prompt.
/// Errors: "generate.prompt", "generate.context", "generate.token", "generate.not-finite", "sampling.value",
/// "tokenizer.unsupported".
GenerationResult generate(const ResidentModel& base, const GenerateRequest& request, const TextCallback& on_text,
                          const std::atomic<bool>& stop);

}  // namespace hone
