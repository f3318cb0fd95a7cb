#pragma once

#include <napi.h>

/// The functions of the addon that turn tensors in files and blocks in memory into numbers and back.
namespace hone::binding {

Napi::Value read_tensors(const Napi::CallbackInfo& info);   ///< (path, suffix?) -> Promise<NativeTensor[]>
Napi::Value parse_header(const Napi::CallbackInfo& info);   ///< (bytes) -> { keys, tensors }
Napi::Value encode_blocks(const Napi::CallbackInfo& info);  ///< (type, values) -> Uint8Array
Napi::Value decode_blocks(const Napi::CallbackInfo& info);  ///< (type, bytes) -> Float32Array
Napi::Value write_adapter_file(const Napi::CallbackInfo& info);  ///< (path, adapter) -> Promise<void>

}  // namespace hone::binding
