#include "backend/vulkan/library.h"

#include "core/error.h"

#include <cstdlib>
#include <initializer_list>
#include <string>

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace hone::vulkan {
namespace {

#ifdef _WIN32
constexpr std::initializer_list<const char*> kNames = {"vulkan-1.dll"};
void* open_library(const char* name) { return reinterpret_cast<void*>(LoadLibraryA(name)); }
void* symbol(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(reinterpret_cast<HMODULE>(library), name));
}
#else
#ifdef __APPLE__
constexpr std::initializer_list<const char*> kNames = {"libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib",
                                                       "/opt/homebrew/lib/libMoltenVK.dylib",
                                                       "/usr/local/lib/libvulkan.1.dylib"};
#else
constexpr std::initializer_list<const char*> kNames = {"libvulkan.so.1", "libvulkan.so"};
#endif
void* open_library(const char* name) { return dlopen(name, RTLD_NOW | RTLD_LOCAL); }
void* symbol(void* library, const char* name) { return dlsym(library, name); }
#endif

[[noreturn]] void refuse(const std::string& what) {
  throw Error("vulkan.absent", what, "Install the graphics driver of your GPU, or compute on the CPU.");
}

api::GlobalFunctions load() {
  const char* chosen = std::getenv("HONE_VULKAN_LIBRARY");
  void* library = nullptr;
  if (chosen && *chosen) {
    if (std::string(chosen) != "none") library = open_library(chosen);
  } else {
    for (const char* name : kNames) {
      if ((library = open_library(name))) break;
    }
  }
  if (!library) refuse("this machine has no Vulkan: its loader (libvulkan) is not installed");

  api::GlobalFunctions fn;
  fn.vkGetInstanceProcAddr =
      reinterpret_cast<api::PFN_vkGetInstanceProcAddr>(symbol(library, "vkGetInstanceProcAddr"));
  if (!fn.vkGetInstanceProcAddr) refuse("the Vulkan loader of this machine has no entry point");
#define HONE_VULKAN_LOAD(name, result, parameters) \
  fn.name = reinterpret_cast<decltype(fn.name)>(fn.vkGetInstanceProcAddr(nullptr, #name));
  HONE_VULKAN_GLOBAL_FUNCTIONS(HONE_VULKAN_LOAD)
#undef HONE_VULKAN_LOAD
  if (!fn.vkCreateInstance || !fn.vkEnumerateInstanceVersion) refuse("the Vulkan of this machine is older than 1.1");
  return fn;
}

}  // namespace

const api::GlobalFunctions& load_library() {
  static const api::GlobalFunctions functions = load();  // an exception leaves it to the next call
  return functions;
}

}  // namespace hone::vulkan
