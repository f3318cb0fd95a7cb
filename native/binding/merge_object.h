#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `model.planMerge(request)`: what `model.merge` would write, from shapes alone.
Napi::Object plan_merge_request(Napi::Env env, const std::shared_ptr<const ResidentModel>& base,
                                const Napi::Value& request);

/// `model.merge(request, onProgress)`: writes base + adapters as a new model; gives `{ done, stop }`.
Napi::Object start_merge(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                         const Napi::Value& on_progress);

}  // namespace hone::binding
