#pragma once

#include "infer/decode_batch.h"
#include "model/adapter_file.h"
#include "model/lora.h"
#include "model/model.h"

#include <memory>
#include <optional>
#include <string>

namespace hone {

struct ResidentOptions {
  /// "cpu"; "vulkan:N" for a device of `list_vulkan_devices`, "vulkan" for the best of them, one in software included;
  /// "reference": slow, for checking, not among the devices that people choose from.
  std::string device = "cpu";
  unsigned threads = 0;                                ///< of each backend made on the CPU; 0: all cores
  DType cache = DType::F16;                            ///< of keys and values in sessions on the CPU: F32, F16 or Q8_0
  std::optional<ops::ActivationKind> activation = {};  ///< overrides the rule of the architecture
};

/// A base model that stays in memory and serves any number of generations and training runs at the same time.
///
/// A backend belongs to one thread at a time, so everything that computes makes a backend of its own (`make_backend`,
/// with its own threads and scratch memory) on the thread that will use it. Weights and adapters lie in the memory of the
/// device, are only read after loading, and are shared by all of these backends. The backend they were loaded with is
/// kept as their owner and never computes.
class ResidentModel {
 public:
  /// Errors: "device.unknown" with the devices there are; those of make_vulkan_backend and Model::load.
  static std::shared_ptr<const ResidentModel> open(const std::string& path, const ResidentOptions& options);

  const Model& model() const noexcept { return *model_; }
  const ResidentOptions& options() const noexcept { return options_; }  ///< a chosen "vulkan" has its number here

  /// For one thread to compute with.
  std::unique_ptr<Backend> make_backend() const;

  /// Where sequences that grow at the same time go through the model together; null where each must go alone (devices
  /// whose caches belong to one backend, models whose positions depend on the length of the sequence).
  DecodeBatch* decode_batch() const noexcept { return batch_.get(); }

  /// That only owns memory of the same device, for adapters.
  std::unique_ptr<Backend> make_home() const;

  /// Longest sequence in tokens.
  int64_t context() const noexcept { return model_->config().context; }

 private:
  ResidentModel(ResidentOptions options, std::unique_ptr<Backend> home, std::shared_ptr<const Model> model);

  ResidentOptions options_;
  std::unique_ptr<Backend> home_;  ///< outlives the model
  std::shared_ptr<const Model> model_;
  std::unique_ptr<DecodeBatch> batch_;
};

/// An adapter in memory, read-only, for any number of sessions on its model.
class ResidentAdapter {
 public:
  using Base = std::shared_ptr<const ResidentModel>;

  /// Reads a file and checks it against the model; errors of read_adapter.
  static std::shared_ptr<const ResidentAdapter> open(const std::string& path, const Base& base);

  /// A copy of `source` as it is now. Called on the thread that uses the backend of `source`.
  static std::shared_ptr<const ResidentAdapter> copy(const LoraAdapter& source, const Base& base);

  /// True for the model that it was checked against. An adapter does not keep its model in memory.
  bool belongs_to(const Base& model) const noexcept { return model && base_.lock() == model; }

  const LoraAdapter& adapter() const noexcept { return *loaded_.adapter; }
  const LoadedAdapter& loaded() const noexcept { return loaded_; }

 private:
  ResidentAdapter(const Base& base, std::unique_ptr<Backend> home, LoadedAdapter loaded);

  std::weak_ptr<const ResidentModel> base_;
  std::unique_ptr<Backend> home_;  ///< outlives the adapter
  LoadedAdapter loaded_;
};

}  // namespace hone
