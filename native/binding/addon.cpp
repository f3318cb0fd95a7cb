#include "binding/adapter_object.h"
#include "binding/devices.h"
#include "binding/files.h"
#include "binding/instance.h"
#include "binding/model_object.h"
#include "binding/tensors.h"

#include <napi.h>

/// `hone.node`: the shape is shared/engine/addon.ts. No policy lives here; arguments are settled values.
namespace hone::binding {

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  auto* instance = new Instance;
  env.SetInstanceData(instance);
  instance->model_class = Napi::Persistent(ModelObject::define(env));
  instance->adapter_class = Napi::Persistent(AdapterObject::define(env));

  exports.Set("version", HONE_VERSION);
  exports.Set("devices", Napi::Function::New(env, devices, "devices"));
  exports.Set("inspect", Napi::Function::New(env, inspect, "inspect"));
  exports.Set("openModel", Napi::Function::New(env, ModelObject::open, "openModel"));
  exports.Set("inspectAdapter", Napi::Function::New(env, inspect_adapter_file, "inspectAdapter"));
  exports.Set("convertAdapter", Napi::Function::New(env, convert_adapter_file, "convertAdapter"));
  exports.Set("splitModel", Napi::Function::New(env, split_model_file, "splitModel"));
  exports.Set("writeAdapter", Napi::Function::New(env, write_adapter_file, "writeAdapter"));
  exports.Set("readTensors", Napi::Function::New(env, read_tensors, "readTensors"));
  exports.Set("parseHeader", Napi::Function::New(env, parse_header, "parseHeader"));
  exports.Set("encodeBlocks", Napi::Function::New(env, encode_blocks, "encodeBlocks"));
  exports.Set("decodeBlocks", Napi::Function::New(env, decode_blocks, "decodeBlocks"));
  return exports;
}

}  // namespace hone::binding

static Napi::Object Init(Napi::Env env, Napi::Object exports) { return hone::binding::initialise(env, exports); }

NODE_API_MODULE(hone, Init)
