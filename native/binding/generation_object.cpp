#include "binding/generation_object.h"

#include "binding/convert.h"
#include "binding/error.h"
#include "binding/job.h"

#include <atomic>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

namespace hone::binding {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();

/// Limits of meaning are the sampler's; here only what the types can hold.
SamplingOptions to_sampling(const Fields& fields) {
  return {.temperature = static_cast<float>(fields.number("temperature", 0, kLargest)),
          .top_k = fields.integer("topK", 0, std::numeric_limits<int32_t>::max()),
          .top_p = static_cast<float>(fields.number("topP", 0, 1)),
          .min_p = static_cast<float>(fields.number("minP", 0, 1)),
          .repetition_penalty = static_cast<float>(fields.number("repetitionPenalty", 0, kLargest)),
          .seed = static_cast<uint64_t>(fields.integer("seed", 0, (int64_t{1} << 53) - 1))};
}

std::vector<std::string> to_strings(const Napi::Array& array, const std::string& name) {
  std::vector<std::string> strings;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    strings.push_back(to_string(array.Get(i), name + "[" + std::to_string(i) + "]"));
  }
  return strings;
}

class GenerationJob final : public Job {
 public:
  GenerationJob(std::shared_ptr<const ResidentModel> base, GenerateRequest request, std::vector<AdapterUse> adapters,
                const Napi::Function& on_text)
      : base_(std::move(base)),
        request_(std::move(request)),
        adapters_(std::move(adapters)),
        on_text_(Napi::Persistent(on_text)) {
    request_.adapters = active_adapters(adapters_);
  }

  void request_stop() noexcept override { stop_.store(true); }

 private:
  void work() override {
    const auto queue = [this](std::string_view text) {
      {
        const std::lock_guard lock(mutex_);
        text_.append(text);
      }
      notify();
    };
    result_ = generate(*base_, request_, queue, stop_);
  }

  void deliver(Napi::Env env) override {
    std::string text;
    {
      const std::lock_guard lock(mutex_);
      text.swap(text_);
    }
    if (!text.empty()) on_text_.Call({Napi::String::New(env, text)});
  }

  Napi::Value result(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("reason", std::string(generation_end_name(result_.end)));
    object.Set("tokens", from_int32s(env, result_.tokens));
    object.Set("promptTokens", static_cast<double>(result_.prompt_tokens));
    object.Set("promptSeconds", result_.prompt_seconds);
    object.Set("decodeSeconds", result_.decode_seconds);
    Napi::Array strengths = Napi::Array::New(env, request_.adapters.size());
    for (uint32_t i = 0; i < request_.adapters.size(); ++i) strengths.Set(i, request_.adapters[i].strength);
    object.Set("strengths", strengths);
    return object;
  }

  void let_go() noexcept override {
    on_text_.Reset();
    adapters_.clear();
    base_.reset();
  }

  std::shared_ptr<const ResidentModel> base_;
  GenerateRequest request_;
  std::vector<AdapterUse> adapters_;
  Napi::FunctionReference on_text_;
  std::atomic<bool> stop_ = false;
  GenerationResult result_;
  std::mutex mutex_;
  std::string text_;  ///< not delivered yet
};

}  // namespace

Napi::Object start_generation(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                              const Napi::Value& on_text) {
  const Fields fields(request, "request");
  const Fields sampling(fields.get("sampling"), "request.sampling");
  GenerateRequest wanted{.prompt = fields.int32s("prompt"),
                         .sampling = to_sampling(sampling),
                         .max_tokens = sampling.integer("maxTokens", 1, std::numeric_limits<int32_t>::max()),
                         .stop = to_strings(sampling.array("stop"), sampling.path("stop"))};
  std::vector<AdapterUse> adapters = to_adapter_uses(fields.get("adapters"), "request.adapters", base);
  const auto job = std::make_shared<GenerationJob>(std::move(base), std::move(wanted), std::move(adapters),
                                                   to_function(on_text, "onText"));
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("stop", Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->request_stop(); }, "stop"));
  handle.Set("done", job->start(env, "hone generation"));
  return handle;
}

}  // namespace hone::binding
