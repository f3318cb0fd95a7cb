# Writes OUTPUT, a C++ file with the words of every shaders/*.spv in FOLDER: cmake -DFOLDER=… -DOUTPUT=… -P this
file(GLOB shaders ${FOLDER}/*.spv)
set(arrays "")
set(table "")
set(index 0)
foreach(shader ${shaders})
  get_filename_component(name ${shader} NAME)
  string(REGEX REPLACE "\\.spv$" "" name ${name})
  file(READ ${shader} hex HEX)
  # SPIR-V is a stream of little-endian words.
  string(REGEX REPLACE "(..)(..)(..)(..)" "0x\\4\\3\\2\\1," words "${hex}")
  string(APPEND arrays "constexpr uint32_t kWords${index}[] = {${words}};\n")
  string(APPEND table "    {\"${name}\", kWords${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} [=[
// Written by embed_shaders.cmake.
#include "backend/vulkan/pipelines.h"

#include "core/error.h"

#include <string>

namespace hone::vulkan {
namespace {

]=])
file(APPEND ${OUTPUT} "${arrays}")
file(APPEND ${OUTPUT} [=[

struct Shader {
  std::string_view name;
  std::span<const uint32_t> words;
};

const Shader kShaders[] = {
]=])
file(APPEND ${OUTPUT} "${table}")
file(APPEND ${OUTPUT} [=[
};

}  // namespace

std::span<const uint32_t> embedded_shader(std::string_view name) {
  for (const Shader& shader : kShaders) {
    if (shader.name == name) return shader.words;
  }
  ensure(false, "there is no shader " + std::string(name));
  return {};
}

}  // namespace hone::vulkan
]=])
