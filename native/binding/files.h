#pragma once

#include <napi.h>

/// The functions of the addon that look at files without keeping them open.
namespace hone::binding {

Napi::Value inspect(const Napi::CallbackInfo& info);               ///< (path, options?) -> Promise<ModelInfo>
Napi::Value inspect_adapter_file(const Napi::CallbackInfo& info);  ///< (path) -> Promise<NativeAdapterInfo>
Napi::Value convert_adapter_file(const Napi::CallbackInfo& info);  ///< (source, target, options) -> Promise<void>
Napi::Value split_model_file(const Napi::CallbackInfo& info);      ///< (source, stem, partBytes) -> Promise<string[]>

}  // namespace hone::binding
