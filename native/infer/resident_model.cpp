#include "infer/resident_model.h"

#include "core/error.h"

#include <utility>
#include <vector>

namespace hone {
namespace {

/// A backend that only owns memory: one thread, namely the caller.
std::unique_ptr<Backend> make_home() { return make_cpu_backend(1); }

}  // namespace

std::shared_ptr<const ResidentModel> ResidentModel::open(const std::string& path, const ResidentOptions& options) {
  if (options.device != "cpu" && options.device != "reference") {
    throw Error("device.unknown", "there is no device \"" + options.device + "\"; this build computes on: cpu",
                "Choose the device \"cpu\".");
  }
  std::unique_ptr<Backend> home = make_home();
  std::shared_ptr<const Model> model = Model::load(path, *home, {.activation = options.activation});
  return std::shared_ptr<const ResidentModel>(new ResidentModel(options, std::move(home), std::move(model)));
}

ResidentModel::ResidentModel(ResidentOptions options, std::unique_ptr<Backend> home,
                             std::shared_ptr<const Model> model)
    : options_(std::move(options)), home_(std::move(home)), model_(std::move(model)) {
  const bool alike = model_->weights().long_rope_factors.empty();
  if (options_.device == "cpu" && alike) batch_ = std::make_unique<DecodeBatch>(*this);
}

std::unique_ptr<Backend> ResidentModel::make_backend() const {
  return options_.device == "reference" ? make_reference_backend() : make_cpu_backend(options_.threads);
}

ResidentAdapter::ResidentAdapter(const Base& base, std::unique_ptr<Backend> home, LoadedAdapter loaded)
    : base_(base), home_(std::move(home)), loaded_(std::move(loaded)) {}

std::shared_ptr<const ResidentAdapter> ResidentAdapter::open(const std::string& path, const Base& base) {
  std::unique_ptr<Backend> home = make_home();
  LoadedAdapter loaded = read_adapter(path, base->model().config(), *home);
  return std::shared_ptr<const ResidentAdapter>(new ResidentAdapter(base, std::move(home), std::move(loaded)));
}

std::shared_ptr<const ResidentAdapter> ResidentAdapter::copy(const LoraAdapter& source, const Base& base) {
  std::unique_ptr<Backend> home = make_home();
  LoadedAdapter loaded;
  loaded.architecture = base->model().config().architecture;
  loaded.adapter = LoraAdapter::like(*home, source);
  std::vector<float> values(static_cast<size_t>(source.flat().elements()));
  source.backend().download(source.flat(), values.data());
  home->upload(loaded.adapter->flat(), values.data());
  return std::shared_ptr<const ResidentAdapter>(new ResidentAdapter(base, std::move(home), std::move(loaded)));
}

}  // namespace hone
