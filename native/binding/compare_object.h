#pragma once

#include "infer/resident_model.h"

#include <napi.h>

#include <memory>

namespace hone::binding {

/// `model.compare(request, onProgress)`: how far other logits are from those of this model; gives `{ done, stop }`.
Napi::Object start_comparison(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& request,
                              const Napi::Value& on_progress);

}  // namespace hone::binding
