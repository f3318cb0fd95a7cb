#include "binding/evaluate.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/promise_worker.h"
#include "binding/training_request.h"
#include "train/checkpoint_adapter.h"
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

Napi::Value start_checkpoint_adapter(Napi::Env env, const std::shared_ptr<const ResidentModel>& model,
                                     const Napi::Value& value) {
  const Fields fields(value, "request");
  const auto work = [model, checkpoint = fields.string("checkpointPath"), path = fields.string("adapterPath"),
                     recipe = to_recipe(fields.get("recipe"), "request.recipe").recipe,
                     metadata = to_string_pairs(fields.get("metadata"), "request.metadata")] {
    const auto backend = model->make_backend();
    return write_checkpoint_adapter(checkpoint, *backend, model->model(), recipe, path, metadata);
  };
  return run_off_thread<CheckpointAdapter>(env, "hone checkpoint adapter", work,
                                           [](Napi::Env env, CheckpointAdapter found) -> Napi::Value {
                                             Napi::Object object = Napi::Object::New(env);
                                             object.Set("step", static_cast<double>(found.step));
                                             object.Set("checksum", from_checksum(env, found.checksum));
                                             return object;
                                           });
}

}  // namespace hone::binding
