#include "model/adapter_info.h"

#include "core/error.h"
#include "gguf/reader.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace hone {
namespace {

constexpr std::string_view kA = ".lora_a", kB = ".lora_b";

/// The other half of a pair; throws when it is absent or does not fit.
const TensorInfo& partner(const GgufFile& file, const TensorInfo& a, const std::string& stem) {
  const TensorInfo* b = file.find(stem + std::string(kB));
  if (!b) {
    throw Error("adapter.missing-pair", "the adapter has " + a.name + " but no " + stem + std::string(kB),
                "The file is incomplete. Export or download it again.");
  }
  // The embedding's lora_a lies the other way round: [r, V] beside [r, D].
  if (a.ne[1] != b->ne[0] && !(stem == "token_embd.weight" && a.ne[0] == b->ne[0])) {
    throw Error("adapter.shape",
                stem + ": lora_a is " + shape_text(a) + " and lora_b is " + shape_text(*b) + ", which have no common rank",
                "The file is damaged or was written by a tool whose adapters Hone cannot read.");
  }
  return *b;
}

}  // namespace

void check_adapter_kind(const GgufFile& file) {
  const Metadata& metadata = file.metadata();
  const std::string type = metadata.string("general.type", "model");
  const std::string kind = metadata.string("adapter.type", "");
  if (type == "adapter" && kind == "lora") return;
  throw Error("adapter.type",
              file.path() + " is not a LoRA adapter: general.type is \"" + type + "\", adapter.type is \"" + kind + "\"",
              type == "model" ? "This is a model. Add it on the Models page." : "Choose a GGUF LoRA adapter.");
}

AdapterInfo inspect_adapter(const std::string& path) {
  const auto file = GgufFile::open(path);
  check_adapter_kind(*file);
  const Metadata& metadata = file->metadata();
  AdapterInfo info;
  info.architecture = metadata.require_string("general.architecture");
  info.name = metadata.string("general.name", "");
  const double alpha = metadata.real("adapter.lora.alpha", 0);
  if (!std::isfinite(alpha)) throw Error("adapter.not-finite", "adapter.lora.alpha is not a finite number");
  info.alpha = static_cast<float>(alpha);

  for (const TensorInfo& tensor : file->tensors()) {
    if (tensor.name.ends_with(kB) &&
        !file->find(tensor.name.substr(0, tensor.name.size() - kB.size()) + std::string(kA))) {
      throw Error("adapter.missing-pair", "the adapter has " + tensor.name + " but no lora_a beside it",
                  "The file is incomplete. Export or download it again.");
    }
    if (!tensor.name.ends_with(kA)) continue;
    const std::string stem = tensor.name.substr(0, tensor.name.size() - kA.size());
    const TensorInfo& b = partner(*file, tensor, stem);
    if (stem.ends_with("_norm.weight") || stem.ends_with(".scale")) {
      info.notices.push_back("the pair on " + stem + " has no effect on any engine");
      continue;
    }
    if (stem == "token_embd.weight") info.notices.push_back("it changes the token embedding, which Hone does not apply");
    info.rank = std::max(info.rank, b.ne[0]);
    info.parameters += tensor.elements() + b.elements();
  }
  if (info.parameters == 0) {
    throw Error("adapter.empty", path + " holds no pair that changes a model", "Choose another adapter.");
  }
  if (metadata.contains("adapter.alora.invocation_tokens")) {
    info.notices.push_back("it switches on in the middle of a prompt (activated LoRA), which Hone cannot run");
  }
  return info;
}

AdapterInfo describe_adapter(const LoadedAdapter& loaded) {
  AdapterInfo info{.architecture = loaded.architecture,
                   .name = loaded.name,
                   .alpha = loaded.adapter->alpha(),
                   .parameters = loaded.adapter->parameters(),
                   .notices = loaded.notices};
  for (const LoraShape& shape : loaded.adapter->shapes()) info.rank = std::max(info.rank, shape.rank);
  return info;
}

}  // namespace hone
