#include "binding/gradients.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/promise_worker.h"
#include "core/error.h"
#include "train/adapter_gradients.h"

#include <string>
#include <utility>
#include <vector>

namespace hone::binding {
namespace {

constexpr Choice<ActivationMode> kModes[] = {{"exact", ActivationMode::exact}, {"rounded", ActivationMode::rounded}};

struct Request {
  std::shared_ptr<const ResidentModel> model;
  std::shared_ptr<const ResidentAdapter> adapter;
  std::vector<int32_t> tokens;
  std::vector<uint8_t> mask;
  ActivationMode activations = ActivationMode::automatic;
};

Request to_request(const std::shared_ptr<const ResidentModel>& model, const Fields& fields) {
  Request request{model, AdapterObject::unwrap(fields.get("adapter"), fields.path("adapter")),
                  fields.int32s("tokens"), fields.bytes("mask")};
  if (!request.adapter->belongs_to(model)) {
    throw Error("adapter.other-model", "the adapter was opened with another model",
                "Open the adapter with the model that shall use it.");
  }
  if (fields.has("activations")) request.activations = fields.choice("activations", kModes);
  return request;
}

Napi::Array from_matrices(Napi::Env env, const std::vector<NamedMatrix>& matrices) {
  Napi::Array list = Napi::Array::New(env, matrices.size());
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const NamedMatrix& matrix = matrices[i];
    Napi::Array shape = Napi::Array::New(env, 2);
    shape.Set(0u, static_cast<double>(matrix.columns));
    shape.Set(1u, static_cast<double>(matrix.rows));
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", matrix.name);
    object.Set("type", "F32");
    object.Set("shape", shape);
    object.Set("values", from_floats(env, matrix.values));
    list.Set(i, object);
  }
  return list;
}

}  // namespace

Napi::Value start_gradients(Napi::Env env, const std::shared_ptr<const ResidentModel>& model,
                            const Napi::Value& value) {
  const auto work = [request = to_request(model, Fields(value, "request"))] {
    const auto backend = request.model->make_backend();
    return adapter_gradients(*backend, request.model->model(), request.adapter->adapter(), request.tokens,
                             request.mask, request.activations);
  };
  return run_off_thread<AdapterGradients>(env, "hone gradients", work,
                                          [](Napi::Env env, AdapterGradients found) -> Napi::Value {
                                            Napi::Object object = Napi::Object::New(env);
                                            object.Set("loss", found.loss);
                                            object.Set("norm", found.norm);
                                            object.Set("tensors", from_matrices(env, found.matrices));
                                            return object;
                                          });
}

Napi::Value start_steps(Napi::Env env, const std::shared_ptr<const ResidentModel>& model, const Napi::Value& value) {
  const Fields fields(value, "request");
  const Fields optimiser(fields.get("optimiser"), fields.path("optimiser"));
  const auto real = [&](const char* key, double high) { return static_cast<float>(optimiser.number(key, 0, high)); };
  const AdamWSettings settings{.learning_rate = real("learningRate", 1e3),
                               .beta1 = real("beta1", 1),
                               .beta2 = real("beta2", 1),
                               .epsilon = real("epsilon", 1),
                               .weight_decay = real("weightDecay", 1e3)};
  const auto work = [request = to_request(model, fields), settings, steps = optimiser.integer("steps", 1, 10'000)] {
    const auto backend = request.model->make_backend();
    return adapter_steps(*backend, request.model->model(), request.adapter->adapter(), request.tokens, request.mask,
                         request.activations, settings, steps);
  };
  return run_off_thread<AdapterSteps>(env, "hone steps", work, [](Napi::Env env, AdapterSteps found) -> Napi::Value {
    Napi::Array losses = Napi::Array::New(env, found.losses.size());
    for (uint32_t i = 0; i < losses.Length(); ++i) losses.Set(i, found.losses[i]);
    Napi::Object object = Napi::Object::New(env);
    object.Set("losses", losses);
    object.Set("tensors", from_matrices(env, found.matrices));
    return object;
  });
}

}  // namespace hone::binding
