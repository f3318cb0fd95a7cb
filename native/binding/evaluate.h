#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `NativeModel.evaluate(rows, options)`.
Napi::Value start_evaluation(Napi::Env env, const std::shared_ptr<const ResidentModel>& model, const Napi::Value& rows,
                             const Napi::Value& options);

/// `NativeModel.checkpointAdapter(request)`.
Napi::Value start_checkpoint_adapter(Napi::Env env, const std::shared_ptr<const ResidentModel>& model,
                                     const Napi::Value& request);

}  // namespace hone::binding
