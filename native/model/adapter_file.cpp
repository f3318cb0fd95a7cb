#include "model/adapter_file.h"

#include "gguf/reader.h"
#include "gguf/writer.h"
#include "quant/codec.h"

#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

namespace hone {
namespace {

/// Both halves of a pair as they are in the file.
struct Halves {
  const TensorInfo* a = nullptr;
  const TensorInfo* b = nullptr;
};

struct Target {
  int64_t layer = 0;
  Projection projection = Projection::q;
};

bool drop_suffix(std::string_view& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  return true;
}

/// "blk.3.attn_q.weight" -> layer 3, q. Nothing for names of another form and for matrices that the model lacks.
std::optional<Target> parse_projection(std::string_view name, const ModelConfig& config) {
  if (!name.starts_with("blk.") || !drop_suffix(name, ".weight")) return std::nullopt;
  name.remove_prefix(4);
  int64_t layer = -1;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), layer);
  const auto digits = static_cast<size_t>(end - name.data());
  if (problem != std::errc() || layer < 0 || layer >= config.layers || digits >= name.size() || name[digits] != '.') {
    return std::nullopt;
  }
  name.remove_prefix(digits + 1);
  for (const auto projection : kAllProjections) {
    if (name == projection_name(projection) && config.stores(layer, projection)) return Target{layer, projection};
  }
  return std::nullopt;
}

void check_kind(const GgufFile& file, const ModelConfig& config) {
  const Metadata& metadata = file.metadata();
  const std::string type = metadata.string("general.type", "model");
  const std::string kind = metadata.string("adapter.type", "");
  if (type != "adapter" || kind != "lora") {
    throw Error("adapter.type",
                file.path() + " is not a LoRA adapter: general.type is \"" + type + "\", adapter.type is \"" + kind +
                    "\"",
                type == "model" ? "This is a model. Add it on the Models page." : "Choose a GGUF LoRA adapter.");
  }
  const std::string architecture = metadata.string("general.architecture", "");
  if (architecture != config.architecture) {
    throw Error("adapter.architecture",
                "the adapter was made for architecture \"" + architecture + "\", the model is \"" +
                    config.architecture + "\"",
                "Choose the model that the adapter was trained on.");
  }
  if (metadata.contains("adapter.alora.invocation_tokens")) {
    throw Error("adapter.unsupported", file.path() + " is an activated LoRA (adapter.alora.invocation_tokens)",
                "Hone cannot run adapters that switch on in the middle of a prompt.");
  }
}

/// Sorts the tensors of the file into pairs by the name of the matrix they change.
std::map<std::string, Halves> collect(const GgufFile& file, std::vector<std::string>& notices) {
  std::map<std::string, Halves> pairs;
  for (const auto& info : file.tensors()) {
    std::string_view stem = info.name;
    if (drop_suffix(stem, ".lora_a")) {
      pairs[std::string(stem)].a = &info;
    } else if (drop_suffix(stem, ".lora_b")) {
      pairs[std::string(stem)].b = &info;
    } else if (info.name.ends_with("_norm.weight")) {
      notices.push_back(info.name + " is not part of a pair and was left out; other engines pass over it too");
    } else {
      throw Error("adapter.tensor",
                  "the adapter holds " + info.name + ", which is neither a lora_a nor a lora_b tensor",
                  "It was written by a tool whose adapters Hone cannot read.");
    }
  }
  for (const auto& [name, halves] : pairs) {
    if (!halves.a || !halves.b) {
      throw Error("adapter.missing-pair", "the adapter has " + name + (halves.a ? ".lora_a" : ".lora_b") + " but no " +
                                              name + (halves.a ? ".lora_b" : ".lora_a"),
                  "The file is incomplete. Export or download it again.");
    }
  }
  return pairs;
}

/// Pairs on vectors load elsewhere and do nothing, because only matrix products apply an adapter.
bool has_no_effect(std::string_view name) { return name.ends_with("_norm.weight") || name.ends_with(".scale"); }

LoraShape check_shape(const std::string& name, const Halves& halves, const Target& target, const ModelConfig& config) {
  LoraShape shape{target.layer, target.projection, halves.a->ne[1], config.dim, config.vocabulary};
  if (target.layer >= 0) {
    shape.inputs = config.inputs(target.projection);
    shape.outputs = config.outputs(target.projection);
  }
  const auto flat = [](const TensorInfo& info) { return info.ne[2] == 1 && info.ne[3] == 1; };
  const bool fits = halves.a->ne[0] == shape.inputs && halves.b->ne[1] == shape.outputs &&
                    halves.a->ne[1] == halves.b->ne[0] && flat(*halves.a) && flat(*halves.b);
  if (!fits) {
    throw Error("adapter.shape",
                name + ": lora_a is " + shape_text(*halves.a) + " and lora_b is " + shape_text(*halves.b) +
                    "; this model needs [" + std::to_string(shape.inputs) + ", r] and [r, " +
                    std::to_string(shape.outputs) + "] with one rank r",
                "The adapter belongs to a model of another size.");
  }
  return shape;
}

/// The pair's place in the model, or nothing when it is to be dropped.
std::optional<Target> locate(const std::string& name, const ModelConfig& config) {
  if (name == "token_embd.weight") {
    throw Error("adapter.tensor", "the adapter changes token_embd.weight",
                "Hone does not apply adapters to the token embedding; other engines stop on them with tied models.");
  }
  if (name == "output.weight") {
    if (!config.tied_head) return Target{-1, Projection::q};
    throw Error("adapter.tensor", "the adapter changes output.weight, but the model has no output matrix of its own",
                "The adapter belongs to a model with an untied output matrix.");
  }
  const auto target = parse_projection(name, config);
  if (!target) {
    throw Error("adapter.tensor", "the adapter changes " + name + ", which does not exist in a " +
                                      config.architecture + " model of " + std::to_string(config.layers) + " layers",
                "Choose the model that the adapter was trained on.");
  }
  return target;
}

void place(const GgufFile& file, const TensorInfo& info, const Tensor& destination, Backend& backend) {
  switch (info.dtype) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
    case DType::Q8_0: break;
    default:
      throw Error("adapter.tensor", info.name + " has type " + std::string(traits(info.dtype).name) +
                                        "; adapters are F32, F16, BF16 or Q8_0");
  }
  std::vector<float> values(static_cast<size_t>(info.elements()));
  decode_row(info.dtype, file.data(info).data(), values.data(), info.elements());  // rows are whole blocks
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    throw Error("adapter.not-finite", info.name + " holds a value that is not a finite number at index " +
                                          std::to_string(i),
                "The adapter is damaged or its training diverged.");
  }
  backend.upload(destination, values.data());
}

}  // namespace

LoadedAdapter read_adapter(const std::string& path, const ModelConfig& config, Backend& backend) {
  const auto file = GgufFile::open(path);
  check_kind(*file, config);
  const Metadata& metadata = file->metadata();
  LoadedAdapter loaded;
  loaded.architecture = config.architecture;
  loaded.name = metadata.string("general.name", "");
  for (const auto& [key, value] : metadata.entries()) {
    if (const auto* text = std::get_if<std::string>(&value)) loaded.metadata.emplace_back(key, *text);
  }
  const double alpha = metadata.real("adapter.lora.alpha", 0);
  if (!std::isfinite(alpha) || std::abs(alpha) > 1e9) {
    throw Error("adapter.not-finite", "adapter.lora.alpha is " + std::to_string(alpha) + ", which cannot be a factor",
                "The adapter is damaged or its training diverged.");
  }
  if (alpha < 0) {
    loaded.notices.push_back("adapter.lora.alpha is below 0: the adapter takes away what it was trained to add");
  }

  std::vector<LoraShape> shapes;
  std::vector<std::pair<Target, Halves>> kept;
  for (const auto& [name, halves] : collect(*file, loaded.notices)) {
    if (has_no_effect(name)) {
      loaded.notices.push_back("the pair on " + name + " was dropped: it has no effect on any engine");
      continue;
    }
    const auto target = locate(name, config);
    shapes.push_back(check_shape(name, halves, *target, config));
    kept.emplace_back(*target, halves);
  }
  if (kept.empty()) {
    throw Error("adapter.empty", path + " holds no pair that changes the model", "Choose another adapter.");
  }

  loaded.adapter = std::make_unique<LoraAdapter>(backend, std::move(shapes), static_cast<float>(alpha));
  for (const auto& [target, halves] : kept) {
    const LoraPair* pair =
        target.layer < 0 ? loaded.adapter->head() : loaded.adapter->find(target.layer, target.projection);
    place(*file, *halves.a, pair->a, backend);
    place(*file, *halves.b, pair->b, backend);
  }
  return loaded;
}

void write_adapter(const std::string& path, const LoraAdapter& adapter, const std::string& architecture,
                   const std::string& name, const std::vector<std::pair<std::string, std::string>>& metadata) {
  Metadata keys(path);
  keys.set("general.architecture", architecture);
  keys.set("general.type", std::string("adapter"));
  keys.set("general.name", name);
  keys.set("adapter.type", std::string("lora"));
  keys.set("adapter.lora.alpha", adapter.alpha());
  for (const auto& [key, value] : metadata) keys.set(key, value);

  std::vector<TensorInfo> infos;
  for (const auto& pair : adapter.pairs()) {
    infos.push_back(make_tensor_info(pair.tensor_name() + ".lora_a", DType::F32, {pair.a.columns, pair.a.rows}));
    infos.push_back(make_tensor_info(pair.tensor_name() + ".lora_b", DType::F32, {pair.b.columns, pair.b.rows}));
  }
  GgufWriter writer(path, keys, std::move(infos));
  std::vector<float> values;
  for (const auto& pair : adapter.pairs()) {
    for (const Tensor& tensor : {pair.a, pair.b}) {
      values.resize(static_cast<size_t>(tensor.elements()));
      adapter.backend().download(tensor, values.data());
      writer.write(std::as_bytes(std::span<const float>(values)));
    }
  }
  writer.commit();
}

}  // namespace hone
