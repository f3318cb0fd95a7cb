#include "binding/devices.h"

#include "backend/vulkan/vulkan.h"
#include "binding/cpu_facts.h"
#include "binding/error.h"
#include "core/error.h"

#include <string>
#include <vector>

namespace hone::binding {
namespace {

Napi::Array strings(Napi::Env env, const std::vector<std::string>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) array.Set(i, values[i]);
  return array;
}

Napi::Object cpu(Napi::Env env) {
  const CpuFacts facts = cpu_facts();
  Napi::Object cpu = Napi::Object::New(env);
  cpu.Set("id", "cpu");
  cpu.Set("kind", "cpu");
  cpu.Set("name", facts.name);
  cpu.Set("memoryBytes", static_cast<double>(facts.memory_bytes));
  cpu.Set("features", strings(env, {facts.features.begin(), facts.features.end()}));
  cpu.Set("threads", facts.threads);
  cpu.Set("gpu", env.Null());
  return cpu;
}

Napi::Object gpu(Napi::Env env, const VulkanDevice& facts) {
  Napi::Object gpu = Napi::Object::New(env);
  gpu.Set("build", facts.kind == "cpu" ? "software" : facts.kind);
  gpu.Set("driver", facts.driver);
  gpu.Set("api", facts.api);
  gpu.Set("freeBytes", static_cast<double>(facts.free_bytes));
  gpu.Set("unusable", facts.unusable);
  Napi::Object device = Napi::Object::New(env);
  device.Set("id", "vulkan:" + std::to_string(facts.index));
  device.Set("kind", "vulkan");
  device.Set("name", facts.name);
  device.Set("memoryBytes", static_cast<double>(facts.memory_bytes));
  device.Set("features", strings(env, facts.features));
  device.Set("threads", 0);
  device.Set("gpu", gpu);
  return device;
}

}  // namespace

Napi::Value devices(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    Napi::Array list = Napi::Array::New(env);
    std::vector<std::string> notes;
    list.Set(0u, cpu(env));
    try {
      for (const VulkanDevice& device : list_vulkan_devices()) list.Set(list.Length(), gpu(env, device));
    } catch (const Error& error) {
      notes.emplace_back("No graphics card can be used: " + std::string(error.what()) + ". Everything is computed on the CPU.");
    }
    Napi::Object result = Napi::Object::New(env);
    result.Set("devices", list);
    result.Set("notes", strings(env, notes));
    return result;
  });
}

}  // namespace hone::binding
