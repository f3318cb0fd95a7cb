#include "infer/compare_logits.h"

#include "core/error.h"
#include "infer/logits.h"
#include "model/fixture_models.h"

using namespace hone;
using namespace hone::test;

namespace {

const std::atomic<bool> kNever = false;

std::shared_ptr<const ResidentModel> open(const std::string& name) {
  return ResidentModel::open(model_fixture(name + ".gguf"), {.threads = 2});
}

LogitDistance compare(const LogitSource& first, const LogitSource& second, const std::vector<int32_t>& tokens) {
  return compare_logits(first, second, tokens, ActivationMode::exact, [](int64_t) {}, kNever);
}

}  // namespace

TEST("a model has no distance from itself, and one of an adapter from its base is measured in five ways") {
  const auto base = open("llama-f16");
  const auto adapter = ResidentAdapter::open(model_fixture("lora-llama-f16.gguf"), base);
  auto tokens = logit_cases()["llama-f16"]["tokens"].numbers<int32_t>();
  while (tokens.size() < 70) tokens.push_back(tokens[tokens.size() % 7]);  // three pieces
  const ActiveAdapter active{&adapter->adapter(), 1};
  const LogitSource plain{base.get(), {}}, tuned{base.get(), {&active, 1}};

  const LogitDistance none = compare(plain, plain, tokens);
  CHECK_EQUAL(none.tokens, static_cast<int64_t>(tokens.size()));
  CHECK_EQUAL(none.largest, 0.0);
  CHECK_EQUAL(none.mean_square, 0.0);
  CHECK_EQUAL(none.divergence, 0.0);
  CHECK_EQUAL(none.top1_agreement, 1.0);

  const LogitDistance found = compare(plain, tuned, tokens);
  const auto a = all_logits(*base, tokens, {}, ActivationMode::exact);
  const auto b = all_logits(*base, tokens, {&active, 1}, ActivationMode::exact);
  const Distance expected = distance(b, a);
  CHECK_AT_MOST(std::abs(found.largest - expected.largest), 1e-4);
  CHECK_AT_MOST(std::abs(found.mean_square - expected.square), 1e-5);
  CHECK_AT_MOST(std::abs(found.spread - spread_of(a)), 1e-4);

  const size_t width = a.size() / tokens.size();
  double divergence = 0, agree = 0;
  for (size_t row = 0; row < tokens.size(); ++row) {
    double left = 0, right = 0;
    size_t best_left = 0, best_right = 0;
    for (size_t i = 0; i < width; ++i) {
      left += std::exp(double{a[row * width + i]});
      right += std::exp(double{b[row * width + i]});
      if (a[row * width + i] > a[row * width + best_left]) best_left = i;
      if (b[row * width + i] > b[row * width + best_right]) best_right = i;
    }
    for (size_t i = 0; i < width; ++i) {
      const double p = std::exp(double{a[row * width + i]}) / left, q = std::exp(double{b[row * width + i]}) / right;
      divergence += p * std::log(p / q);
    }
    agree += best_left == best_right;
  }
  const auto rows = static_cast<double>(tokens.size());
  CHECK_AT_MOST(std::abs(found.divergence - divergence / rows), 1e-4);
  CHECK_AT_MOST(std::abs(found.top1_agreement - agree / rows), 1e-12);
  CHECK(found.divergence > 0.01);
}

TEST("models with other vocabularies, stopped comparisons and empty texts are refused") {
  const auto base = open("llama-f16"), other = open("llama-q4_0");
  const LogitSource first{base.get(), {}}, second{other.get(), {}};
  CHECK_ERROR("compare.models", compare(first, second, {1, 2}));
  CHECK_ERROR("generate.prompt", compare(first, first, {}));
  const std::atomic<bool> stop = true;
  const std::vector<int32_t> tokens = {1, 2};
  CHECK_ERROR("compare.stopped",
              compare_logits(first, first, tokens, ActivationMode::exact, [](int64_t) {}, stop));
}
