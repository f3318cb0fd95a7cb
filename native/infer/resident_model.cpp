#include "infer/resident_model.h"

#include "backend/vulkan/vulkan.h"
#include "core/error.h"

#include <string_view>
#include <utility>
#include <vector>

namespace hone {
namespace {

constexpr std::string_view kVulkan = "vulkan";

/// "vulkan" becomes the number of a device; others stay as they are. Throws "device.unknown".
std::string resolve(const std::string& device) {
  if (device == "cpu" || device == "reference") return device;
  if (device == kVulkan) return "vulkan:" + std::to_string(best_vulkan_device(true));
  const bool numbered = device.starts_with("vulkan:") && device.size() > 7 && device.size() < 12 &&
                        device.find_first_not_of("0123456789", 7) == std::string::npos;
  if (numbered) return device;
  throw Error("device.unknown", "there is no device \"" + device + "\"; this build computes on: cpu, vulkan",
              "Choose the device \"cpu\", \"vulkan\", or a number of the list of devices such as \"vulkan:0\".");
}

/// The backend of a device that was resolved. `threads` are those of a CPU.
std::unique_ptr<Backend> make(const std::string& device, unsigned threads) {
  if (device.starts_with(kVulkan)) return make_vulkan_backend(std::stoul(device.substr(7)));
  return device == "reference" ? make_reference_backend() : make_cpu_backend(threads);
}

}  // namespace

std::shared_ptr<const ResidentModel> ResidentModel::open(const std::string& path, const ResidentOptions& options) {
  ResidentOptions resolved = options;
  resolved.device = resolve(options.device);
  // The attention of a GPU reads float32.
  if (resolved.device.starts_with(kVulkan)) resolved.cache = DType::F32;
  std::unique_ptr<Backend> home = make(resolved.device, 1);
  std::shared_ptr<const Model> model = Model::load(path, *home, {.activation = options.activation});
  home->synchronize();
  return std::shared_ptr<const ResidentModel>(
      new ResidentModel(std::move(resolved), std::move(home), std::move(model)));
}

ResidentModel::ResidentModel(ResidentOptions options, std::unique_ptr<Backend> home,
                             std::shared_ptr<const Model> model)
    : options_(std::move(options)), home_(std::move(home)), model_(std::move(model)) {
  const bool alike = model_->weights().long_rope_factors.empty();
  if (options_.device == "cpu" && alike) batch_ = std::make_unique<DecodeBatch>(*this);
}

std::unique_ptr<Backend> ResidentModel::make_backend() const { return make(options_.device, options_.threads); }

std::unique_ptr<Backend> ResidentModel::make_home() const { return make(options_.device, 1); }

ResidentAdapter::ResidentAdapter(const Base& base, std::unique_ptr<Backend> home, LoadedAdapter loaded)
    : base_(base), home_(std::move(home)), loaded_(std::move(loaded)) {}

std::shared_ptr<const ResidentAdapter> ResidentAdapter::open(const std::string& path, const Base& base) {
  std::unique_ptr<Backend> home = base->make_home();
  LoadedAdapter loaded = read_adapter(path, base->model().config(), *home);
  home->synchronize();
  return std::shared_ptr<const ResidentAdapter>(new ResidentAdapter(base, std::move(home), std::move(loaded)));
}

std::shared_ptr<const ResidentAdapter> ResidentAdapter::copy(const LoraAdapter& source, const Base& base) {
  std::unique_ptr<Backend> home = base->make_home();
  LoadedAdapter loaded;
  loaded.architecture = base->model().config().architecture;
  loaded.adapter = LoraAdapter::like(*home, source);
  std::vector<float> values(static_cast<size_t>(source.flat().elements()));
  source.backend().download(source.flat(), values.data());
  home->upload(loaded.adapter->flat(), values.data());
  home->synchronize();
  return std::shared_ptr<const ResidentAdapter>(new ResidentAdapter(base, std::move(home), std::move(loaded)));
}

}  // namespace hone
