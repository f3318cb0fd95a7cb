#include "infer/generate.h"

#include "core/error.h"
#include "infer/session.h"
#include "infer/stop_strings.h"
#include "infer/utf8_text.h"
#include "model/tokenizer/tokenizer.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <utility>

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPromptPiece = 256;  ///< tokens between two looks at `stop`

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

const Tokenizer& tokenizer_of(const Model& model) {
  if (model.tokenizer()) return *model.tokenizer();
  throw Error("tokenizer.unsupported", model.tokenizer_problem(), "Hone cannot turn this model's tokens into text.");
}

/// Bytes of tokens in, pieces of the answer out.
class AnswerText {
 public:
  AnswerText(std::vector<std::string> stop, const TextCallback& on_text) : stop_(std::move(stop)), on_text_(on_text) {}

  void add(std::string_view bytes) { show(stop_.add(utf8_.add(bytes))); }
  bool stopped() const noexcept { return stop_.found(); }

  void finish() {
    show(stop_.add(utf8_.finish()));
    show(stop_.finish());
  }

 private:
  void show(const std::string& text) const {
    if (!text.empty()) on_text_(text);
  }

  Utf8Text utf8_;
  StopStrings stop_;
  const TextCallback& on_text_;
};

}  // namespace

std::string_view generation_end_name(GenerationEnd end) noexcept {
  switch (end) {
    case GenerationEnd::end: return "end";
    case GenerationEnd::stop_string: return "stop-string";
    case GenerationEnd::length: return "length";
    case GenerationEnd::context: return "context";
    case GenerationEnd::stopped: return "stopped";
  }
  return "end";
}

GenerationResult generate(const ResidentModel& base, const GenerateRequest& request, const TextCallback& on_text,
                          const std::atomic<bool>& stop) {
  const Tokenizer& tokenizer = tokenizer_of(base.model());
  const std::span<const int32_t> prompt = request.prompt;
  check_prompt(base, prompt);
  Sampler sampler(request.sampling);
  for (const int32_t token : prompt) sampler.accept(token);
  AnswerText text(request.stop, on_text);
  GenerationResult result;
  result.prompt_tokens = static_cast<int64_t>(prompt.size());

  const auto prompt_begin = Clock::now();
  const int64_t positions = std::min(base.context(), result.prompt_tokens + std::max<int64_t>(request.max_tokens, 0));
  Session session(base, positions);
  const auto feed = [&](std::span<const int32_t> tokens) {
    return session.decoder().next_logits(tokens, session.cache(), request.adapters);
  };
  std::span<const float> logits;
  for (size_t at = 0; at < prompt.size() && !stop.load(); at += kPromptPiece) {
    logits = feed(prompt.subspan(at, std::min(kPromptPiece, prompt.size() - at)));
  }
  result.prompt_seconds = seconds_since(prompt_begin);

  // From here on the sequence grows token by token, together with others on the same model.
  std::optional<DecodeBatch::Seat> seat;
  if (base.decode_batch()) seat.emplace(*base.decode_batch());
  const auto feed_one = [&](int32_t token) {
    return seat ? seat->next(token, session.cache(), request.adapters) : feed({&token, 1});
  };
  const auto decode_begin = Clock::now();
  const auto next = [&]() -> std::optional<GenerationEnd> {
    if (stop.load()) return GenerationEnd::stopped;
    if (static_cast<int64_t>(result.tokens.size()) >= request.max_tokens) return GenerationEnd::length;
    if (!result.tokens.empty()) {
      if (session.cache().length() >= base.context()) return GenerationEnd::context;
      logits = feed_one(result.tokens.back());
    }
    const int32_t token = sampler.choose(logits);
    if (tokenizer.ends_generation(token)) return GenerationEnd::end;
    sampler.accept(token);
    result.tokens.push_back(token);
    text.add(tokenizer.piece(token, false));
    return text.stopped() ? std::optional(GenerationEnd::stop_string) : std::nullopt;
  };
  std::optional<GenerationEnd> end;
  while (!end) end = next();
  result.end = *end;
  text.finish();
  result.decode_seconds = seconds_since(decode_begin);
  return result;
}

}  // namespace hone
