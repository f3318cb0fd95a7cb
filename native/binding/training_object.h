#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// Starts a `NativeTrainRequest` and gives a `NativeTraining`. It runs on, and keeps the model in memory, whatever
/// JavaScript does with the handle. When the environment ends, it stops and writes its checkpoint.
Napi::Object start_training(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                            const Napi::Value& observer);

}  // namespace hone::binding
