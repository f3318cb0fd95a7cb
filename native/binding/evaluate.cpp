#include "binding/evaluate.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/promise_worker.h"
#include "binding/training_request.h"
#include "train/evaluate.h"

namespace hone::binding {

Napi::Value start_evaluation(Napi::Env env, const std::shared_ptr<const ResidentModel>& model, const Napi::Value& rows,
                             const Napi::Value& value) {
  const Fields options(value, "options");
  const auto work = [model, examples = to_examples(rows, "rows"),
                     uses = to_adapter_uses(options.get("adapters"), "options.adapters", model)] {
    const auto backend = model->make_backend();
    return evaluate_examples(*backend, model->model(), active_adapters(uses), examples);
  };
  return run_off_thread<LossSums>(env, "hone evaluate", work, [](Napi::Env env, LossSums sums) -> Napi::Value {
    Napi::Object object = Napi::Object::New(env);
    object.Set("loss", sums.loss);
    object.Set("targets", static_cast<double>(sums.targets));
    object.Set("correct", static_cast<double>(sums.correct));
    return object;
  });
}

}  // namespace hone::binding
