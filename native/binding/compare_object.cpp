#include "binding/compare_object.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/model_object.h"
#include "binding/progress_job.h"
#include "infer/compare_logits.h"

#include <utility>
#include <vector>

namespace hone::binding {
namespace {

constexpr Choice<ActivationMode> kModes[] = {{"exact", ActivationMode::exact}, {"rounded", ActivationMode::rounded}};

Napi::Value from_distance(Napi::Env env, const LogitDistance& distance) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("tokens", static_cast<double>(distance.tokens));
  object.Set("maxDifference", distance.largest);
  object.Set("logitSpread", distance.spread);
  object.Set("meanSquare", distance.mean_square);
  object.Set("divergence", distance.divergence);
  object.Set("top1Agreement", distance.top1_agreement);
  return object;
}

}  // namespace

Napi::Object start_comparison(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                              const Napi::Value& on_progress) {
  const Fields fields(request, "request");
  const Fields other_fields(fields.get("other"), fields.path("other"));
  auto other = other_fields.has("model") ? ModelObject::unwrap(other_fields.get("model"), "request.other.model") : base;
  const auto mode = fields.has("activations") ? fields.choice("activations", kModes) : ActivationMode::automatic;
  const auto work = [base, other, mode, tokens = fields.int32s("tokens"),
                     mine = to_adapter_uses(fields.get("adapters"), fields.path("adapters"), base),
                     theirs = to_adapter_uses(other_fields.get("adapters"), "request.other.adapters", other)](
                        const ProgressJob<LogitDistance>::Report& report, const std::atomic<bool>& stop) {
    const auto first = active_adapters(mine), second = active_adapters(theirs);
    const auto progress = [&](int64_t done) {
      report(static_cast<double>(done), static_cast<double>(tokens.size()));
    };
    return compare_logits({base.get(), first}, {other.get(), second}, tokens, mode, progress, stop);
  };
  return start_progress_job<LogitDistance>(env, "hone compare", work, from_distance,
                                           to_function(on_progress, "onProgress"));
}

}  // namespace hone::binding
