#include "binding/checkpoint_adapter.h"

#include "binding/convert.h"
#include "binding/promise_worker.h"
#include "binding/training_request.h"
#include "train/checkpoint_adapter.h"

namespace hone::binding {

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
