#include "tools/bench/works.h"

#include "core/error.h"
#include "core/random.h"
#include "gguf/reader.h"
#include "infer/session.h"
#include "model/tokenizer/tokenizer.h"
#include "tools/bench/shapes.h"
#include "train/memory.h"
#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>

namespace hone::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::vector<int32_t> random_tokens(int64_t count, int64_t vocabulary) {
  std::vector<int32_t> tokens(static_cast<size_t>(count));
  for (size_t i = 0; i < tokens.size(); ++i) {
    tokens[i] = static_cast<int32_t>(random_bits(3, i) % static_cast<uint64_t>(vocabulary));
  }
  return tokens;
}

/// Seconds per token of products with all block matrices: int8 where they are ternary, float32 elsewhere.
double product_seconds(const Shape& shape, const Ceilings& ceilings, int passes) {
  const double rate = is_ternary(shape.matrices) ? ceilings.byte_ops : ceilings.float_ops;
  return passes * 2 * static_cast<double>(shape.block_weights()) / rate;
}

Outcome train(const Job& job, const Shape& shape, const Ceilings& ceilings) {
  const auto backend = make_cpu_backend(job.threads);
  const auto model = Model::load(job.path, *backend);
  Recipe recipe;
  recipe.max_steps = job.runs + 1;
  recipe.max_length = job.context;
  Example example{random_tokens(job.context, shape.vocabulary), std::vector<uint8_t>(static_cast<size_t>(job.context), 1)};
  TrainingData data;
  data.train.push_back(std::move(example));
  Trainer trainer(*backend, model->config(), model->weights(), recipe, std::move(data));
  Outcome outcome;
  outcome.forecast_bytes = forecast_memory(model->config(), model->weights(), recipe, job.context, job.context,
                                           job.threads).total;
  StepReport report;
  trainer.step(report);  // grows the scratch memory
  for (int i = 0; i < job.runs; ++i) {
    const auto begin = Clock::now();
    trainer.step(report);
    outcome.tokens_per_second.push_back(static_cast<double>(job.context) / seconds_since(begin));
  }
  // Block inputs only are kept, so the forward pass runs twice; the backward product of ternary matrices takes two
  // passes of bytes. The head runs forward and backward once.
  const double head = 4 * static_cast<double>(shape.vocabulary * shape.dim) / ceilings.float_ops;
  outcome.ceiling = 1 / (product_seconds(shape, ceilings, is_ternary(shape.matrices) ? 4 : 3) + head);
  return outcome;
}

/// Feeds `tokens` as `generate` does.
void feed(Session& session, std::span<const int32_t> tokens) {
  constexpr size_t kPiece = 256;
  for (size_t at = 0; at < tokens.size(); at += kPiece) {
    session.decoder().next_logits(tokens.subspan(at, std::min(kPiece, tokens.size() - at)), session.cache(), {});
  }
}

Outcome prompt(const Job& job, const Shape& shape, const Ceilings& ceilings) {
  const auto base = ResidentModel::open(job.path, {.threads = job.threads});
  const auto tokens = random_tokens(job.context, shape.vocabulary);
  Outcome outcome;
  for (int i = -1; i < job.runs; ++i) {
    Session session(*base, job.context);
    const auto begin = Clock::now();
    feed(session, tokens);
    if (i >= 0) outcome.tokens_per_second.push_back(static_cast<double>(job.context) / seconds_since(begin));
  }
  outcome.ceiling = 1 / product_seconds(shape, ceilings, 1);
  return outcome;
}

Outcome decode(const Job& job, const Shape& shape, const Ceilings& ceilings) {
  constexpr int64_t kTokens = 16;
  const auto base = ResidentModel::open(job.path, {.threads = job.threads});
  const auto tokens = random_tokens(job.context + kTokens * (job.runs + 1), shape.vocabulary);
  Session session(*base, static_cast<int64_t>(tokens.size()));
  feed(session, std::span(tokens).first(static_cast<size_t>(job.context)));
  Outcome outcome;
  for (int i = -1; i < job.runs; ++i) {
    const auto begin = Clock::now();
    for (int64_t t = 0; t < kTokens; ++t) {
      session.decoder().next_logits({&tokens[static_cast<size_t>(session.cache().length())], 1}, session.cache(), {});
    }
    if (i >= 0) outcome.tokens_per_second.push_back(kTokens / seconds_since(begin));
  }
  outcome.ceiling = ceilings.read_bytes / static_cast<double>(shape.bytes_per_token());
  return outcome;
}

Outcome load(const Job& job) {
  Outcome outcome;
  for (int i = 0; i < job.runs; ++i) {
    const auto begin = Clock::now();
    ResidentModel::open(job.path, {.threads = job.threads});
    outcome.tokens_per_second.push_back(1 / seconds_since(begin));
  }
  return outcome;
}

}  // namespace

Outcome run_job(const Job& job, const Ceilings& ceilings) {
  const Shape& shape = find_shape(job.model);
  if (job.work == "train") return train(job, shape, ceilings);
  if (job.work == "prompt") return prompt(job, shape, ceilings);
  if (job.work == "decode") return decode(job, shape, ceilings);
  if (job.work == "load") return load(job);
  throw Error("usage", "there is no work \"" + job.work + "\"", "There are train, prompt, decode and load.");
}

Outcome run_tokenizer(const std::string& model, const std::string& text, int runs) {
  std::ifstream file(text, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) throw Error("file.read", "cannot read " + text);
  const auto tokenizer = Tokenizer::from_metadata(GgufFile::open(model)->metadata());
  Outcome outcome;
  const std::string bytes = content.str();
  for (int i = -1; i < runs; ++i) {
    // The time this process computed, so that others on the machine do not count.
    const std::clock_t begin = std::clock();
    const auto ids = tokenizer->encode(bytes, false, false);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    if (i < 0) continue;
    outcome.tokens_per_second.push_back(static_cast<double>(ids.size()) / seconds);
    outcome.megabytes_per_second = std::max(outcome.megabytes_per_second, static_cast<double>(bytes.size()) / 1e6 / seconds);
  }
  return outcome;
}

}  // namespace hone::bench
