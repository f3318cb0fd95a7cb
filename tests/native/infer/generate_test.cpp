#include "infer/generate.h"

#include "infer/logits.h"
#include "support/test.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace hone;
using hone::test::fixture;

namespace {

const std::vector<int32_t> kPrompt = {40, 41, 42, 60, 61, 62, 100, 101, 102};

std::shared_ptr<const ResidentModel> open_model(const std::string& name = "bitnet-tq2_0", unsigned threads = 1) {
  return ResidentModel::open(fixture("models/" + name + ".gguf"), {.threads = threads});
}

struct Answer {
  GenerationResult result;
  std::string text;
};

Answer answer(const ResidentModel& base, GenerateRequest request, bool stop_at_first_text = false) {
  std::atomic<bool> stop = false;
  Answer given;
  given.result = generate(
      base, request,
      [&](std::string_view text) {
        given.text += text;
        stop = stop_at_first_text;
      },
      stop);
  return given;
}

}  // namespace

TEST("greedy generation takes the largest logit of the whole sequence at every step") {
  const auto base = open_model();
  const Answer given = answer(*base, {.prompt = kPrompt, .max_tokens = 8});
  std::vector<int32_t> sequence = kPrompt;
  const auto vocabulary = base->model().config().vocabulary;
  for (const int32_t token : given.result.tokens) {
    const std::vector<float> logits = all_logits(*base, sequence, {});
    const auto last = logits.end() - vocabulary;
    CHECK_EQUAL(static_cast<int32_t>(std::max_element(last, logits.end()) - last), token);
    sequence.push_back(token);
  }
}

TEST("an answer ends at its length, when it is stopped, and where the context is full") {
  const auto base = open_model();
  CHECK(answer(*base, {.prompt = kPrompt, .max_tokens = 3}).result.end == GenerationEnd::length);
  const Answer stopped = answer(*base, {.prompt = kPrompt, .max_tokens = 300}, true);
  CHECK(stopped.result.end == GenerationEnd::stopped);
  CHECK_AT_MOST(stopped.result.tokens.size(), size_t{8});

  const auto context = static_cast<size_t>(base->context());
  const Answer full = answer(*base, {.prompt = std::vector<int32_t>(context - 2, 77), .max_tokens = 100});
  CHECK(full.result.end == GenerationEnd::context);
  CHECK_EQUAL(full.result.tokens.size(), size_t{3});  // the last one is chosen but no longer fed back
}

TEST("a prompt of many pieces gives the answer of the same tokens in one piece") {
  const auto base = open_model();
  std::vector<int32_t> prompt;
  for (int i = 0; i < 300; ++i) prompt.push_back(40 + i * 7 % 200);
  const Answer given = answer(*base, {.prompt = prompt, .max_tokens = 1});
  const std::vector<float> logits = all_logits(*base, prompt, {});
  const auto last = logits.end() - base->model().config().vocabulary;
  CHECK_EQUAL(given.result.tokens.front(), static_cast<int32_t>(std::max_element(last, logits.end()) - last));
}

TEST("generations with different adapters and strengths run at the same time on one model") {
  const auto base = open_model("bitnet-tq2_0", 2);
  const auto adapter = ResidentAdapter::open(fixture("models/lora-bitnet-tq2_0.gguf"), base);
  const std::vector<float> strengths = {0.0f, 0.5f, 1.0f, -1.0f};
  const auto ask = [&](float strength) {
    return answer(*base, {.prompt = kPrompt, .adapters = {{&adapter->adapter(), strength}}, .max_tokens = 24})
        .result.tokens;
  };
  std::vector<std::vector<int32_t>> alone, together(strengths.size());
  for (const float strength : strengths) alone.push_back(ask(strength));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < strengths.size(); ++i) {
    threads.emplace_back([&, i] { together[i] = ask(strengths[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(alone == together);
  CHECK(alone[0] != alone[2]);
}

TEST("requests that cannot be answered are refused by name") {
  const auto base = open_model();
  CHECK_ERROR("generate.prompt", answer(*base, {.prompt = {}}));
  CHECK_ERROR("generate.token", answer(*base, {.prompt = {1 << 20}}));
  CHECK_ERROR("generate.context",
              answer(*base, {.prompt = std::vector<int32_t>(static_cast<size_t>(base->context()) + 1, 77)}));
  CHECK_ERROR("sampling.value", answer(*base, {.prompt = kPrompt, .sampling = {.temperature = 1, .top_p = 0}}));
  CHECK_ERROR("device.unknown", ResidentModel::open("unused.gguf", {.device = "abacus:0"}));
}

TEST("an adapter belongs to the model it was opened with") {
  const auto base = open_model(), other = open_model();
  const auto adapter = ResidentAdapter::open(fixture("models/lora-bitnet-tq2_0.gguf"), base);
  CHECK(adapter->belongs_to(base));
  CHECK(!adapter->belongs_to(other));
  CHECK(!adapter->belongs_to(nullptr));
}

TEST("a copy of an adapter acts like its source") {
  const auto base = open_model();
  const auto adapter = ResidentAdapter::open(fixture("models/lora-bitnet-tq2_0.gguf"), base);
  const auto copy = ResidentAdapter::copy(adapter->adapter(), base);
  const std::vector<ActiveAdapter> one = {{&adapter->adapter(), 1}}, two = {{&copy->adapter(), 1}};
  CHECK(all_logits(*base, kPrompt, one) == all_logits(*base, kPrompt, two));
}
