#include "binding/tensors.h"

#include "binding/convert.h"
#include "binding/error.h"
#include "binding/promise_worker.h"
#include "core/error.h"
#include "gguf/parse.h"
#include "gguf/reader.h"
#include "gguf/writer.h"
#include "model/adapter_content.h"
#include "quant/codec.h"
#include "quant/i2_s.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hone::binding {
namespace {

struct ReadTensor {
  TensorInfo info;
  std::vector<float> values;
};

/// Text from a file or an argument that names a type: "Q4_K".
DType to_dtype(const Napi::Value& value, std::string_view name) {
  const std::string text = to_string(value, name);
  for (uint32_t id = 0; id < 64; ++id) {
    const auto found = find_traits(id);
    if (found && found->name == text) return static_cast<DType>(id);
  }
  refuse(value, name, "the name of a type");
}

std::vector<float> decode_tensor(const GgufFile& file, const TensorInfo& info) {
  std::vector<float> values(static_cast<size_t>(info.elements()));
  const auto bytes = file.data(info);
  if (info.dtype == DType::I2_S) {
    decode_i2_s_row(bytes.data(), read_i2_s_scale(bytes), values.data(), info.elements());
  } else {
    decode_row(info.dtype, bytes.data(), values.data(), info.elements());  // rows are whole blocks
  }
  return values;
}

Napi::Object from_tensor(Napi::Env env, const ReadTensor& tensor) {
  const int dimensions = std::max(1, tensor.info.dimensions);
  Napi::Array shape = Napi::Array::New(env, static_cast<size_t>(dimensions));
  for (int i = 0; i < dimensions; ++i) {
    shape.Set(static_cast<uint32_t>(i), static_cast<double>(tensor.info.ne[static_cast<size_t>(i)]));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", tensor.info.name);
  object.Set("type", std::string(traits(tensor.info.dtype).name));
  object.Set("shape", shape);
  object.Set("values", from_floats(env, tensor.values));
  return object;
}

std::vector<float> to_floats(const Napi::Value& value, std::string_view name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    refuse(value, name, "a Float32Array");
  }
  const auto array = value.As<Napi::Float32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

}  // namespace

Napi::Value read_tensors(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const std::string suffix = info[1].IsUndefined() ? std::string() : to_string(info[1], "suffix");
    const auto work = [path = to_string(info[0], "path"), suffix] {
      const auto file = GgufFile::open(path);
      std::vector<ReadTensor> tensors;
      for (const TensorInfo& tensor : file->tensors()) {
        if (tensor.name.ends_with(suffix)) tensors.push_back({tensor, decode_tensor(*file, tensor)});
      }
      return tensors;
    };
    return run_off_thread<std::vector<ReadTensor>>(
        info.Env(), "hone read tensors", work, [](Napi::Env env, std::vector<ReadTensor> tensors) -> Napi::Value {
          Napi::Array list = Napi::Array::New(env, tensors.size());
          for (uint32_t i = 0; i < list.Length(); ++i) list.Set(i, from_tensor(env, tensors[i]));
          return list;
        });
  });
}

Napi::Value parse_header(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const std::vector<uint8_t> bytes = to_bytes(info[0], "bytes");
    const GgufHeader header = parse_gguf(std::as_bytes(std::span(bytes)), "the given bytes");
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("keys", static_cast<double>(header.metadata.entries().size()));
    object.Set("tensors", static_cast<double>(header.tensors.size()));
    return object;
  });
}

Napi::Value encode_blocks(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const DType dtype = to_dtype(info[0], "type");
    const std::vector<float> values = to_floats(info[1], "values");
    const auto count = static_cast<int64_t>(values.size());
    if (count % traits(dtype).block_length != 0) refuse(info[1], "values", "whole blocks");
    Napi::Uint8Array bytes = Napi::Uint8Array::New(info.Env(), matrix_bytes(dtype, 1, count));
    encode_row(dtype, values.data(), reinterpret_cast<std::byte*>(bytes.Data()), count);
    return bytes;
  });
}

Napi::Value decode_blocks(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const DType dtype = to_dtype(info[0], "type");
    const std::vector<uint8_t> bytes = to_bytes(info[1], "bytes");
    const DTypeTraits& facts = traits(dtype);
    if (bytes.size() % facts.block_bytes != 0) refuse(info[1], "bytes", "whole blocks");
    std::vector<float> values(bytes.size() / facts.block_bytes * static_cast<size_t>(facts.block_length));
    decode_row(dtype, reinterpret_cast<const std::byte*>(bytes.data()), values.data(),
               static_cast<int64_t>(values.size()));
    return from_floats(info.Env(), values);
  });
}

Napi::Value write_adapter_file(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Fields fields(info[1], "adapter");
    AdapterContent content;
    content.architecture = fields.string("architecture");
    content.name = fields.string("name");
    content.alpha = static_cast<float>(fields.number("alpha", -1e9, 1e9));
    content.metadata = to_string_pairs(fields.get("metadata"), fields.path("metadata"));
    const Napi::Array list = fields.array("tensors");
    for (uint32_t i = 0; i < list.Length(); ++i) {
      const std::string name = fields.path("tensors") + "[" + std::to_string(i) + "]";
      const Fields tensor(list.Get(i), name);
      const Napi::Array shape = tensor.array("shape");
      if (shape.Length() != 2) refuse(shape, name + ".shape", "two lengths");
      NamedMatrix matrix{tensor.string("name"), to_integer(shape.Get(1u), name + ".shape[1]", 1, 1 << 30),
                                to_integer(shape.Get(0u), name + ".shape[0]", 1, 1 << 30),
                                to_floats(tensor.get("values"), name + ".values")};
      if (static_cast<int64_t>(matrix.values.size()) != matrix.rows * matrix.columns) {
        refuse(tensor.get("values"), name + ".values", "as long as its shape says");
      }
      content.matrices.push_back(std::move(matrix));
    }
    const auto work = [path = to_string(info[0], "path"), content = std::move(content)] {
      write_adapter_content(path, content);
      return std::monostate();
    };
    return run_off_thread<std::monostate>(info.Env(), "hone write adapter", work,
                                          [](Napi::Env env, std::monostate) { return env.Undefined(); });
  });
}

}  // namespace hone::binding
