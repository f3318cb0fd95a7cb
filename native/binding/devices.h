#pragma once

#include <napi.h>

namespace hone::binding {

/// `devices()`: where the engine can compute, with notes for the person.
Napi::Value devices(const Napi::CallbackInfo& info);

}  // namespace hone::binding
