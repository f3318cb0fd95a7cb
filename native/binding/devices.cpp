#include "binding/devices.h"

#include "binding/cpu_facts.h"
#include "binding/error.h"

namespace hone::binding {

Napi::Value devices(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const CpuFacts facts = cpu_facts();
    Napi::Array features = Napi::Array::New(env);
    for (const std::string& feature : facts.features) features.Set(features.Length(), feature);
    Napi::Object cpu = Napi::Object::New(env);
    cpu.Set("id", "cpu");
    cpu.Set("kind", "cpu");
    cpu.Set("name", facts.name);
    cpu.Set("memoryBytes", static_cast<double>(facts.memory_bytes));
    cpu.Set("features", features);
    cpu.Set("threads", facts.threads);

    Napi::Array list = Napi::Array::New(env);
    list.Set(0u, cpu);
    Napi::Array notes = Napi::Array::New(env);
    notes.Set(0u, "This build computes on the CPU; graphics cards are not used.");
    Napi::Object result = Napi::Object::New(env);
    result.Set("devices", list);
    result.Set("notes", notes);
    return result;
  });
}

}  // namespace hone::binding
