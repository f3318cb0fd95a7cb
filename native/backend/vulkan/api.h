#pragma once

#include <cstddef>
#include <cstdint>

/// The part of the Vulkan API that this backend uses, declared after its specification (version 1.2 and the extensions
/// named below) under the names that are found there. Nothing links against Vulkan: see loader.h.
namespace hone::vulkan::api {

using VkFlags = uint32_t;
using VkBool32 = uint32_t;
using VkDeviceSize = uint64_t;
using VkDeviceAddress = uint64_t;

// Dispatchable handles are pointers, all others are 64-bit numbers.
using VkInstance = struct VkInstance_T*;
using VkPhysicalDevice = struct VkPhysicalDevice_T*;
using VkDevice = struct VkDevice_T*;
using VkQueue = struct VkQueue_T*;
using VkCommandBuffer = struct VkCommandBuffer_T*;
using VkSemaphore = uint64_t;
using VkFence = uint64_t;
using VkDeviceMemory = uint64_t;
using VkBuffer = uint64_t;
using VkShaderModule = uint64_t;
using VkPipelineCache = uint64_t;
using VkPipelineLayout = uint64_t;
using VkPipeline = uint64_t;
using VkCommandPool = uint64_t;
using VkDebugUtilsMessengerEXT = uint64_t;

enum VkResult : int32_t {
  VK_SUCCESS = 0,
  VK_NOT_READY = 1,
  VK_TIMEOUT = 2,
  VK_INCOMPLETE = 5,
  VK_ERROR_OUT_OF_HOST_MEMORY = -1,
  VK_ERROR_OUT_OF_DEVICE_MEMORY = -2,
  VK_ERROR_INITIALIZATION_FAILED = -3,
  VK_ERROR_DEVICE_LOST = -4,
  VK_ERROR_LAYER_NOT_PRESENT = -6,
  VK_ERROR_EXTENSION_NOT_PRESENT = -7,
  VK_ERROR_FEATURE_NOT_PRESENT = -8,
  VK_ERROR_INCOMPATIBLE_DRIVER = -9,
  VK_ERROR_TOO_MANY_OBJECTS = -10,
};

enum VkStructureType : int32_t {
  VK_STRUCTURE_TYPE_APPLICATION_INFO = 0,
  VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO = 1,
  VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO = 2,
  VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO = 3,
  VK_STRUCTURE_TYPE_SUBMIT_INFO = 4,
  VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO = 5,
  VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO = 9,
  VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO = 12,
  VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO = 16,
  VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO = 18,
  VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO = 29,
  VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO = 30,
  VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO = 39,
  VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO = 40,
  VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO = 42,
  VK_STRUCTURE_TYPE_MEMORY_BARRIER = 46,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES = 50,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES = 51,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES = 52,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2 = 1000059000,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2 = 1000059001,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2 = 1000059006,
  VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO = 1000060000,
  VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT = 1000128004,
  VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO = 1000207002,
  VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO = 1000207003,
  VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO = 1000207004,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR = 1000506000,
  VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR = 1000506001,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES = 1000225000,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT = 1000237000,
  VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO = 1000244001,
  VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT = 1000247000,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES = 1000280000,
  VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_PROPERTIES = 1000280001,
};

enum VkPhysicalDeviceType : int32_t {
  VK_PHYSICAL_DEVICE_TYPE_OTHER = 0,
  VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU = 1,
  VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU = 2,
  VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU = 3,
  VK_PHYSICAL_DEVICE_TYPE_CPU = 4,
};

// Bits of flags, by the type that they belong to.
inline constexpr VkFlags VK_QUEUE_GRAPHICS_BIT = 1, VK_QUEUE_COMPUTE_BIT = 2;
inline constexpr VkFlags VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT = 1, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT = 2,
                         VK_MEMORY_PROPERTY_HOST_COHERENT_BIT = 4, VK_MEMORY_PROPERTY_HOST_CACHED_BIT = 8;
inline constexpr VkFlags VK_MEMORY_HEAP_DEVICE_LOCAL_BIT = 1;
inline constexpr VkFlags VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT = 2;
inline constexpr VkFlags VK_BUFFER_USAGE_TRANSFER_SRC_BIT = 1, VK_BUFFER_USAGE_TRANSFER_DST_BIT = 2,
                         VK_BUFFER_USAGE_STORAGE_BUFFER_BIT = 0x20,
                         VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT = 0x20000;
inline constexpr VkFlags VK_SHADER_STAGE_COMPUTE_BIT = 0x20;
inline constexpr VkFlags VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT = 2;
inline constexpr VkFlags VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT = 4;
inline constexpr VkFlags VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT = 0x800, VK_PIPELINE_STAGE_TRANSFER_BIT = 0x1000,
                         VK_PIPELINE_STAGE_HOST_BIT = 0x4000;
inline constexpr VkFlags VK_ACCESS_SHADER_READ_BIT = 0x20, VK_ACCESS_SHADER_WRITE_BIT = 0x40,
                         VK_ACCESS_TRANSFER_READ_BIT = 0x800, VK_ACCESS_TRANSFER_WRITE_BIT = 0x1000,
                         VK_ACCESS_HOST_READ_BIT = 0x2000;
inline constexpr VkFlags VK_SUBGROUP_FEATURE_ARITHMETIC_BIT = 4;
inline constexpr VkFlags VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT = 0x100,
                         VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT = 0x1000;
inline constexpr VkFlags VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT = 1,
                         VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT = 2;

inline constexpr int32_t VK_PIPELINE_BIND_POINT_COMPUTE = 1, VK_SHARING_MODE_EXCLUSIVE = 0,
                         VK_COMMAND_BUFFER_LEVEL_PRIMARY = 0, VK_SEMAPHORE_TYPE_TIMELINE = 1,
                         VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT = 4;
inline constexpr int32_t VK_COMPONENT_TYPE_FLOAT16_KHR = 0, VK_COMPONENT_TYPE_FLOAT32_KHR = 1,
                         VK_SCOPE_SUBGROUP_KHR = 3;

/// A structure of zeros with its type filled in.
template <class Structure>
Structure structure(VkStructureType type) {
  Structure made{};
  made.sType = type;
  return made;
}

struct VkApplicationInfo {
  VkStructureType sType;
  const void* pNext;
  const char* pApplicationName;
  uint32_t applicationVersion;
  const char* pEngineName;
  uint32_t engineVersion, apiVersion;
};

struct VkInstanceCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  const VkApplicationInfo* pApplicationInfo;
  uint32_t enabledLayerCount;
  const char* const* ppEnabledLayerNames;
  uint32_t enabledExtensionCount;
  const char* const* ppEnabledExtensionNames;
};

struct VkExtensionProperties {
  char extensionName[256];
  uint32_t specVersion;
};

struct VkLayerProperties {
  char layerName[256];
  uint32_t specVersion, implementationVersion;
  char description[256];
};

struct VkPhysicalDeviceLimits {
  uint32_t maxImageDimension1D, maxImageDimension2D, maxImageDimension3D, maxImageDimensionCube, maxImageArrayLayers,
      maxTexelBufferElements, maxUniformBufferRange, maxStorageBufferRange, maxPushConstantsSize,
      maxMemoryAllocationCount, maxSamplerAllocationCount;
  VkDeviceSize bufferImageGranularity, sparseAddressSpaceSize;
  uint32_t maxBoundDescriptorSets, maxPerStageDescriptors[7], maxDescriptorSets[8], maxVertex[4],
      maxVertexOutputComponents, maxTessellation[8], maxGeometry[5], maxFragment[4];
  uint32_t maxComputeSharedMemorySize, maxComputeWorkGroupCount[3], maxComputeWorkGroupInvocations,
      maxComputeWorkGroupSize[3];
  uint32_t subPixelPrecisionBits, subTexelPrecisionBits, mipmapPrecisionBits, maxDrawIndexedIndexValue,
      maxDrawIndirectCount;
  float maxSamplerLodBias, maxSamplerAnisotropy;
  uint32_t maxViewports, maxViewportDimensions[2];
  float viewportBoundsRange[2];
  uint32_t viewportSubPixelBits;
  size_t minMemoryMapAlignment;
  VkDeviceSize minTexelBufferOffsetAlignment, minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment;
  int32_t minTexelOffset;
  uint32_t maxTexelOffset;
  int32_t minTexelGatherOffset;
  uint32_t maxTexelGatherOffset;
  float minInterpolationOffset, maxInterpolationOffset;
  uint32_t subPixelInterpolationOffsetBits, maxFramebuffer[3];
  VkFlags sampleCounts[4];
  uint32_t maxColorAttachments;
  VkFlags sampledImageSampleCounts[5];
  uint32_t maxSampleMaskWords;
  VkBool32 timestampComputeAndGraphics;
  float timestampPeriod;
  uint32_t maxClipDistances, maxCullDistances, maxCombinedClipAndCullDistances, discreteQueuePriorities;
  float pointSizeRange[2], lineWidthRange[2], pointSizeGranularity, lineWidthGranularity;
  VkBool32 strictLines, standardSampleLocations;
  VkDeviceSize optimalBufferCopyOffsetAlignment, optimalBufferCopyRowPitchAlignment, nonCoherentAtomSize;
};

struct VkPhysicalDeviceProperties {
  uint32_t apiVersion, driverVersion, vendorID, deviceID;
  VkPhysicalDeviceType deviceType;
  char deviceName[256];
  uint8_t pipelineCacheUUID[16];
  VkPhysicalDeviceLimits limits;
  VkBool32 sparseProperties[5];
};

struct VkPhysicalDeviceProperties2 {
  VkStructureType sType;
  void* pNext;
  VkPhysicalDeviceProperties properties;
};

struct VkPhysicalDeviceVulkan11Properties {
  VkStructureType sType;
  void* pNext;
  uint8_t deviceUUID[16], driverUUID[16], deviceLUID[8];
  uint32_t deviceNodeMask;
  VkBool32 deviceLUIDValid;
  uint32_t subgroupSize;
  VkFlags subgroupSupportedStages, subgroupSupportedOperations;
  VkBool32 subgroupQuadOperationsInAllStages;
  int32_t pointClippingBehavior;
  uint32_t maxMultiviewViewCount, maxMultiviewInstanceIndex;
  VkBool32 protectedNoFault;
  uint32_t maxPerSetDescriptors;
  VkDeviceSize maxMemoryAllocationSize;
};

struct VkPhysicalDeviceVulkan12Properties {
  VkStructureType sType;
  void* pNext;
  int32_t driverID;
  char driverName[256], driverInfo[256];
  uint8_t conformanceVersion[4];
  int32_t denormBehaviorIndependence, roundingModeIndependence;
  VkBool32 floatControls[15];
  uint32_t maxUpdateAfterBindDescriptorsInAllPools;
  VkBool32 nonUniformIndexingNative[5], robustBufferAccessUpdateAfterBind, quadDivergentImplicitLod;
  uint32_t updateAfterBindLimits[15];
  VkFlags supportedDepthResolveModes, supportedStencilResolveModes;
  VkBool32 independentResolveNone, independentResolve, filterMinmaxSingleComponentFormats,
      filterMinmaxImageComponentMapping;
  uint64_t maxTimelineSemaphoreValueDifference;
  VkFlags framebufferIntegerColorSampleCounts;
};

struct VkPhysicalDeviceSubgroupSizeControlProperties {
  VkStructureType sType;
  void* pNext;
  uint32_t minSubgroupSize, maxSubgroupSize, maxComputeWorkgroupSubgroups;
  VkFlags requiredSubgroupSizeStages;
};

/// The features of Vulkan 1.0; only these few are asked for, the others are placeholders of the right size.
struct VkPhysicalDeviceFeatures {
  VkBool32 robustBufferAccess, others1[38], shaderFloat64, shaderInt64, shaderInt16, others2[13];
};

struct VkPhysicalDeviceFeatures2 {
  VkStructureType sType;
  void* pNext;
  VkPhysicalDeviceFeatures features;
};

struct VkPhysicalDeviceVulkan12Features {
  VkStructureType sType;
  void* pNext;
  VkBool32 samplerMirrorClampToEdge, drawIndirectCount, storageBuffer8BitAccess, uniformAndStorageBuffer8BitAccess,
      storagePushConstant8, shaderBufferInt64Atomics, shaderSharedInt64Atomics, shaderFloat16, shaderInt8;
  VkBool32 descriptorIndexing[21];
  VkBool32 samplerFilterMinmax, scalarBlockLayout, imagelessFramebuffer, uniformBufferStandardLayout,
      shaderSubgroupExtendedTypes, separateDepthStencilLayouts, hostQueryReset, timelineSemaphore, bufferDeviceAddress,
      bufferDeviceAddressCaptureReplay, bufferDeviceAddressMultiDevice, vulkanMemoryModel,
      vulkanMemoryModelDeviceScope, vulkanMemoryModelAvailabilityVisibilityChains, shaderOutputViewportIndex,
      shaderOutputLayer, subgroupBroadcastDynamicId;
};

struct VkPhysicalDeviceShaderIntegerDotProductFeatures {
  VkStructureType sType;
  void* pNext;
  VkBool32 shaderIntegerDotProduct;
};

struct VkPhysicalDeviceShaderIntegerDotProductProperties {
  VkStructureType sType;
  void* pNext;
  VkBool32 bit8[3], packed4x8Unsigned, packed4x8Signed, packed4x8Mixed, others[24];
};

struct VkPhysicalDeviceCooperativeMatrixFeaturesKHR {
  VkStructureType sType;
  void* pNext;
  VkBool32 cooperativeMatrix, cooperativeMatrixRobustBufferAccess;
};

struct VkCooperativeMatrixPropertiesKHR {
  VkStructureType sType;
  void* pNext;
  uint32_t MSize, NSize, KSize;
  int32_t AType, BType, CType, ResultType;
  VkBool32 saturatingAccumulation;
  int32_t scope;
};

struct VkMemoryType {
  VkFlags propertyFlags;
  uint32_t heapIndex;
};

struct VkMemoryHeap {
  VkDeviceSize size;
  VkFlags flags;
};

struct VkPhysicalDeviceMemoryProperties {
  uint32_t memoryTypeCount;
  VkMemoryType memoryTypes[32];
  uint32_t memoryHeapCount;
  VkMemoryHeap memoryHeaps[16];
};

struct VkPhysicalDeviceMemoryProperties2 {
  VkStructureType sType;
  void* pNext;
  VkPhysicalDeviceMemoryProperties memoryProperties;
};

struct VkPhysicalDeviceMemoryBudgetPropertiesEXT {
  VkStructureType sType;
  void* pNext;
  VkDeviceSize heapBudget[16], heapUsage[16];
};

struct VkQueueFamilyProperties {
  VkFlags queueFlags;
  uint32_t queueCount, timestampValidBits, minImageTransferGranularity[3];
};

struct VkDeviceQueueCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t queueFamilyIndex, queueCount;
  const float* pQueuePriorities;
};

struct VkDeviceCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t queueCreateInfoCount;
  const VkDeviceQueueCreateInfo* pQueueCreateInfos;
  uint32_t enabledLayerCount;
  const char* const* ppEnabledLayerNames;
  uint32_t enabledExtensionCount;
  const char* const* ppEnabledExtensionNames;
  const VkPhysicalDeviceFeatures* pEnabledFeatures;
};

struct VkMemoryAllocateInfo {
  VkStructureType sType;
  const void* pNext;
  VkDeviceSize allocationSize;
  uint32_t memoryTypeIndex;
};

struct VkMemoryAllocateFlagsInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t deviceMask;
};

struct VkMemoryRequirements {
  VkDeviceSize size, alignment;
  uint32_t memoryTypeBits;
};

struct VkBufferCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  VkDeviceSize size;
  VkFlags usage;
  int32_t sharingMode;
  uint32_t queueFamilyIndexCount;
  const uint32_t* pQueueFamilyIndices;
};

struct VkBufferDeviceAddressInfo {
  VkStructureType sType;
  const void* pNext;
  VkBuffer buffer;
};

struct VkShaderModuleCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  size_t codeSize;
  const uint32_t* pCode;
};

struct VkPushConstantRange {
  VkFlags stageFlags;
  uint32_t offset, size;
};

struct VkPipelineLayoutCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t setLayoutCount;
  const uint64_t* pSetLayouts;
  uint32_t pushConstantRangeCount;
  const VkPushConstantRange* pPushConstantRanges;
};

struct VkSpecializationMapEntry {
  uint32_t constantID, offset;
  size_t size;
};

struct VkSpecializationInfo {
  uint32_t mapEntryCount;
  const VkSpecializationMapEntry* pMapEntries;
  size_t dataSize;
  const void* pData;
};

struct VkPipelineShaderStageCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  VkFlags stage;
  VkShaderModule module;
  const char* pName;
  const VkSpecializationInfo* pSpecializationInfo;
};

struct VkComputePipelineCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  VkPipelineShaderStageCreateInfo stage;
  VkPipelineLayout layout;
  VkPipeline basePipelineHandle;
  int32_t basePipelineIndex;
};

struct VkCommandPoolCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t queueFamilyIndex;
};

struct VkCommandBufferAllocateInfo {
  VkStructureType sType;
  const void* pNext;
  VkCommandPool commandPool;
  int32_t level;
  uint32_t commandBufferCount;
};

struct VkCommandBufferBeginInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  const void* pInheritanceInfo;
};

struct VkMemoryBarrier {
  VkStructureType sType;
  const void* pNext;
  VkFlags srcAccessMask, dstAccessMask;
};

struct VkBufferCopy {
  VkDeviceSize srcOffset, dstOffset, size;
};

struct VkSemaphoreTypeCreateInfo {
  VkStructureType sType;
  const void* pNext;
  int32_t semaphoreType;
  uint64_t initialValue;
};

struct VkSemaphoreCreateInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
};

struct VkSemaphoreWaitInfo {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  uint32_t semaphoreCount;
  const VkSemaphore* pSemaphores;
  const uint64_t* pValues;
};

struct VkTimelineSemaphoreSubmitInfo {
  VkStructureType sType;
  const void* pNext;
  uint32_t waitSemaphoreValueCount;
  const uint64_t* pWaitSemaphoreValues;
  uint32_t signalSemaphoreValueCount;
  const uint64_t* pSignalSemaphoreValues;
};

struct VkSubmitInfo {
  VkStructureType sType;
  const void* pNext;
  uint32_t waitSemaphoreCount;
  const VkSemaphore* pWaitSemaphores;
  const VkFlags* pWaitDstStageMask;
  uint32_t commandBufferCount;
  const VkCommandBuffer* pCommandBuffers;
  uint32_t signalSemaphoreCount;
  const VkSemaphore* pSignalSemaphores;
};

struct VkValidationFeaturesEXT {
  VkStructureType sType;
  const void* pNext;
  uint32_t enabledValidationFeatureCount;
  const int32_t* pEnabledValidationFeatures;
  uint32_t disabledValidationFeatureCount;
  const int32_t* pDisabledValidationFeatures;
};

/// The beginning of VkDebugUtilsMessengerCallbackDataEXT.
struct VkDebugUtilsMessengerCallbackDataEXT {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags;
  const char* pMessageIdName;
  int32_t messageIdNumber;
  const char* pMessage;
};

using PFN_vkDebugUtilsMessengerCallbackEXT = VkBool32 (*)(VkFlags, VkFlags, const VkDebugUtilsMessengerCallbackDataEXT*,
                                                          void*);

struct VkDebugUtilsMessengerCreateInfoEXT {
  VkStructureType sType;
  const void* pNext;
  VkFlags flags, messageSeverity, messageType;
  PFN_vkDebugUtilsMessengerCallbackEXT pfnUserCallback;
  void* pUserData;
};

using PFN_vkVoidFunction = void (*)();
using PFN_vkGetInstanceProcAddr = PFN_vkVoidFunction (*)(VkInstance, const char*);

// name, result, parameters
#define HONE_VULKAN_GLOBAL_FUNCTIONS(X)                                                                           \
  X(vkEnumerateInstanceVersion, VkResult, (uint32_t*))                                                            \
  X(vkEnumerateInstanceLayerProperties, VkResult, (uint32_t*, VkLayerProperties*))                                \
  X(vkEnumerateInstanceExtensionProperties, VkResult, (const char*, uint32_t*, VkExtensionProperties*))           \
  X(vkCreateInstance, VkResult, (const VkInstanceCreateInfo*, const void*, VkInstance*))

#define HONE_VULKAN_INSTANCE_FUNCTIONS(X)                                                                         \
  X(vkDestroyInstance, void, (VkInstance, const void*))                                                           \
  X(vkEnumeratePhysicalDevices, VkResult, (VkInstance, uint32_t*, VkPhysicalDevice*))                             \
  X(vkGetPhysicalDeviceProperties2, void, (VkPhysicalDevice, VkPhysicalDeviceProperties2*))                       \
  X(vkGetPhysicalDeviceFeatures2, void, (VkPhysicalDevice, VkPhysicalDeviceFeatures2*))                           \
  X(vkGetPhysicalDeviceMemoryProperties2, void, (VkPhysicalDevice, VkPhysicalDeviceMemoryProperties2*))           \
  X(vkGetPhysicalDeviceQueueFamilyProperties, void, (VkPhysicalDevice, uint32_t*, VkQueueFamilyProperties*))      \
  X(vkEnumerateDeviceExtensionProperties, VkResult,                                                               \
    (VkPhysicalDevice, const char*, uint32_t*, VkExtensionProperties*))                                           \
  X(vkCreateDevice, VkResult, (VkPhysicalDevice, const VkDeviceCreateInfo*, const void*, VkDevice*))              \
  X(vkGetDeviceProcAddr, PFN_vkVoidFunction, (VkDevice, const char*))

/// Only there with their extensions.
#define HONE_VULKAN_OPTIONAL_FUNCTIONS(X)                                                                         \
  X(vkCreateDebugUtilsMessengerEXT, VkResult,                                                                     \
    (VkInstance, const VkDebugUtilsMessengerCreateInfoEXT*, const void*, VkDebugUtilsMessengerEXT*))              \
  X(vkDestroyDebugUtilsMessengerEXT, void, (VkInstance, VkDebugUtilsMessengerEXT, const void*))                   \
  X(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR, VkResult,                                                  \
    (VkPhysicalDevice, uint32_t*, VkCooperativeMatrixPropertiesKHR*))

#define HONE_VULKAN_DEVICE_FUNCTIONS(X)                                                                           \
  X(vkDestroyDevice, void, (VkDevice, const void*))                                                               \
  X(vkGetDeviceQueue, void, (VkDevice, uint32_t, uint32_t, VkQueue*))                                             \
  X(vkAllocateMemory, VkResult, (VkDevice, const VkMemoryAllocateInfo*, const void*, VkDeviceMemory*))            \
  X(vkFreeMemory, void, (VkDevice, VkDeviceMemory, const void*))                                                  \
  X(vkMapMemory, VkResult, (VkDevice, VkDeviceMemory, VkDeviceSize, VkDeviceSize, VkFlags, void**))               \
  X(vkCreateBuffer, VkResult, (VkDevice, const VkBufferCreateInfo*, const void*, VkBuffer*))                      \
  X(vkDestroyBuffer, void, (VkDevice, VkBuffer, const void*))                                                     \
  X(vkGetBufferMemoryRequirements, void, (VkDevice, VkBuffer, VkMemoryRequirements*))                             \
  X(vkBindBufferMemory, VkResult, (VkDevice, VkBuffer, VkDeviceMemory, VkDeviceSize))                             \
  X(vkGetBufferDeviceAddress, VkDeviceAddress, (VkDevice, const VkBufferDeviceAddressInfo*))                      \
  X(vkCreateShaderModule, VkResult, (VkDevice, const VkShaderModuleCreateInfo*, const void*, VkShaderModule*))    \
  X(vkDestroyShaderModule, void, (VkDevice, VkShaderModule, const void*))                                         \
  X(vkCreatePipelineLayout, VkResult,                                                                             \
    (VkDevice, const VkPipelineLayoutCreateInfo*, const void*, VkPipelineLayout*))                                \
  X(vkDestroyPipelineLayout, void, (VkDevice, VkPipelineLayout, const void*))                                     \
  X(vkCreateComputePipelines, VkResult,                                                                           \
    (VkDevice, VkPipelineCache, uint32_t, const VkComputePipelineCreateInfo*, const void*, VkPipeline*))          \
  X(vkDestroyPipeline, void, (VkDevice, VkPipeline, const void*))                                                 \
  X(vkCreateCommandPool, VkResult, (VkDevice, const VkCommandPoolCreateInfo*, const void*, VkCommandPool*))       \
  X(vkDestroyCommandPool, void, (VkDevice, VkCommandPool, const void*))                                           \
  X(vkAllocateCommandBuffers, VkResult, (VkDevice, const VkCommandBufferAllocateInfo*, VkCommandBuffer*))         \
  X(vkBeginCommandBuffer, VkResult, (VkCommandBuffer, const VkCommandBufferBeginInfo*))                           \
  X(vkEndCommandBuffer, VkResult, (VkCommandBuffer))                                                              \
  X(vkCmdBindPipeline, void, (VkCommandBuffer, int32_t, VkPipeline))                                              \
  X(vkCmdPushConstants, void, (VkCommandBuffer, VkPipelineLayout, VkFlags, uint32_t, uint32_t, const void*))      \
  X(vkCmdDispatch, void, (VkCommandBuffer, uint32_t, uint32_t, uint32_t))                                         \
  X(vkCmdCopyBuffer, void, (VkCommandBuffer, VkBuffer, VkBuffer, uint32_t, const VkBufferCopy*))                  \
  X(vkCmdPipelineBarrier, void,                                                                                   \
    (VkCommandBuffer, VkFlags, VkFlags, VkFlags, uint32_t, const VkMemoryBarrier*, uint32_t, const void*,         \
     uint32_t, const void*))                                                                                      \
  X(vkQueueSubmit, VkResult, (VkQueue, uint32_t, const VkSubmitInfo*, VkFence))                                   \
  X(vkDeviceWaitIdle, VkResult, (VkDevice))                                                                       \
  X(vkCreateSemaphore, VkResult, (VkDevice, const VkSemaphoreCreateInfo*, const void*, VkSemaphore*))             \
  X(vkDestroySemaphore, void, (VkDevice, VkSemaphore, const void*))                                               \
  X(vkWaitSemaphores, VkResult, (VkDevice, const VkSemaphoreWaitInfo*, uint64_t))                                 \
  X(vkGetSemaphoreCounterValue, VkResult, (VkDevice, VkSemaphore, uint64_t*))

#define HONE_VULKAN_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
struct GlobalFunctions {
  PFN_vkGetInstanceProcAddr vkGetInstanceProcAddr = nullptr;
  HONE_VULKAN_GLOBAL_FUNCTIONS(HONE_VULKAN_MEMBER)
};
struct InstanceFunctions {
  HONE_VULKAN_INSTANCE_FUNCTIONS(HONE_VULKAN_MEMBER)
  HONE_VULKAN_OPTIONAL_FUNCTIONS(HONE_VULKAN_MEMBER)
};
struct DeviceFunctions {
  HONE_VULKAN_DEVICE_FUNCTIONS(HONE_VULKAN_MEMBER)
};
#undef HONE_VULKAN_MEMBER

}  // namespace hone::vulkan::api
