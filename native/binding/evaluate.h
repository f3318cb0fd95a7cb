#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `NativeModel.evaluate(rows, options)`.
Napi::Value start_evaluation(Napi::Env env, const std::shared_ptr<const ResidentModel>& model, const Napi::Value& rows,
                             const Napi::Value& options);

}  // namespace hone::binding
