#pragma once

#include "backend/vulkan/api.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::vulkan {

class Device;

/// Bytes of push constants that every device has: the parameters of one dispatch.
inline constexpr uint32_t kParameterBytes = 128;

/// SPIR-V of shaders/<name>.spv as it was at build time, for instance "rms_norm" or "ternary_product.dot". Fails as an
/// internal error for a name that does not exist.
std::span<const uint32_t> embedded_shader(std::string_view name);

/// The compiled shaders of one device, by name and specialisation constants; each is compiled at first use.
class Pipelines {
 public:
  explicit Pipelines(Device& device);

  /// Constant number i of the shader gets `constants[i]`.
  api::VkPipeline get(std::string_view shader, std::span<const uint32_t> constants);

  /// All pipelines share one layout: kParameterBytes of push constants, no descriptors, since shaders get addresses.
  api::VkPipelineLayout layout() const noexcept { return layout_; }

  void clear();

 private:
  api::VkPipeline compile(std::string_view shader, std::span<const uint32_t> constants);

  Device& device_;
  std::mutex mutex_;
  api::VkPipelineLayout layout_ = 0;
  std::map<std::pair<std::string, std::vector<uint32_t>>, api::VkPipeline> compiled_;
};

}  // namespace hone::vulkan
