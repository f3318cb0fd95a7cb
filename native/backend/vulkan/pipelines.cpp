#include "backend/vulkan/pipelines.h"

#include "backend/vulkan/device.h"

namespace hone::vulkan {

using namespace api;

Pipelines::Pipelines(Device& device) : device_(device) {
  const VkPushConstantRange range{.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT, .offset = 0, .size = kParameterBytes};
  auto info = structure<VkPipelineLayoutCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO);
  info.pushConstantRangeCount = 1;
  info.pPushConstantRanges = &range;
  device_.check(device_.fn.vkCreatePipelineLayout(device_.handle, &info, nullptr, &layout_),
                "describing the parameters of shaders");
}

void Pipelines::clear() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, pipeline] : compiled_) device_.fn.vkDestroyPipeline(device_.handle, pipeline, nullptr);
  compiled_.clear();
  device_.fn.vkDestroyPipelineLayout(device_.handle, layout_, nullptr);
}

VkPipeline Pipelines::get(std::string_view shader, std::span<const uint32_t> constants) {
  const std::lock_guard lock(mutex_);
  std::pair key(std::string(shader), std::vector<uint32_t>(constants.begin(), constants.end()));
  const auto found = compiled_.find(key);
  if (found != compiled_.end()) return found->second;
  const VkPipeline pipeline = compile(shader, constants);
  compiled_.emplace(std::move(key), pipeline);
  return pipeline;
}

VkPipeline Pipelines::compile(std::string_view shader, std::span<const uint32_t> constants) {
  const auto code = embedded_shader(shader);
  const std::string doing = "compiling the shader " + std::string(shader);
  auto source = structure<VkShaderModuleCreateInfo>(VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO);
  source.codeSize = code.size_bytes();
  source.pCode = code.data();
  VkShaderModule module = 0;
  device_.check(device_.fn.vkCreateShaderModule(device_.handle, &source, nullptr, &module), doing);

  std::vector<VkSpecializationMapEntry> entries;
  for (uint32_t i = 0; i < constants.size(); ++i) entries.push_back({i, 4 * i, 4});
  const VkSpecializationInfo specialisation{.mapEntryCount = static_cast<uint32_t>(entries.size()),
                                            .pMapEntries = entries.data(),
                                            .dataSize = constants.size_bytes(),
                                            .pData = constants.data()};
  auto info = structure<VkComputePipelineCreateInfo>(VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO);
  info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
  info.stage.module = module;
  info.stage.pName = "main";
  info.stage.pSpecializationInfo = &specialisation;
  info.layout = layout_;
  info.basePipelineIndex = -1;
  VkPipeline pipeline = 0;
  const VkResult result = device_.fn.vkCreateComputePipelines(device_.handle, 0, 1, &info, nullptr, &pipeline);
  device_.fn.vkDestroyShaderModule(device_.handle, module, nullptr);
  device_.check(result, doing);
  return pipeline;
}

}  // namespace hone::vulkan
