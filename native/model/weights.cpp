#include "model/weights.h"

#include "backend/weight_rows.h"
#include "core/float16.h"
#include "gguf/reader.h"
#include "ops/adamw.h"
#include "ops/embedding.h"
#include "quant/codec.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

namespace hone {
namespace {

/// Places tensors by name, and knows at the end which ones nobody asked for.
class Loader {
 public:
  Loader(std::shared_ptr<const GgufFile> file, Backend& backend, ModelWeights& weights)
      : file_(std::move(file)), backend_(backend), weights_(weights) {}

  bool contains(const std::string& name) const { return file_->find(name) != nullptr; }

  /// Marks a tensor that is there but plays no part.
  void ignore(const std::string& name) { used_.insert(name); }

  /// [rows, columns] as stored.
  Tensor matrix(const std::string& name, int64_t rows, int64_t columns) {
    const TensorInfo& info = find(name, rows, columns);
    if (!can_decode(info.dtype)) {
      throw Error("model.tensor", name + " has type " + std::string(traits(info.dtype).name) +
                                      ", which Hone cannot compute with",
                  "Choose the model in another quantisation, for example Q8_0 or Q4_K.");
    }
    const auto bytes = file_->data(info);
    weights_.bytes += bytes.size();
    Tensor tensor;
    tensor.buffer = weights_.arena->keep(backend_.adopt(bytes, file_->owner(info)));
    tensor.dtype = info.dtype;
    tensor.rows = rows;
    tensor.columns = tensor.stride = columns;
    return tensor;
  }

  std::vector<float> values(const std::string& name, int64_t rows, int64_t columns) {
    const TensorInfo& info = find(name, rows, columns);
    const auto bytes = file_->data(info);
    std::vector<float> result(static_cast<size_t>(rows * columns));
    for (size_t i = 0; i < result.size(); ++i) {
      uint16_t half = 0;
      switch (info.dtype) {
        case DType::F32: std::memcpy(&result[i], bytes.data() + 4 * i, 4); break;
        case DType::F16:
          std::memcpy(&half, bytes.data() + 2 * i, 2);
          result[i] = f32_from_f16(half);
          break;
        case DType::BF16:
          std::memcpy(&half, bytes.data() + 2 * i, 2);
          result[i] = f32_from_bf16(half);
          break;
        default:
          throw Error("model.tensor", name + " has type " + std::string(traits(info.dtype).name) +
                                          ", a vector must be F32, F16 or BF16");
      }
      if (!std::isfinite(result[i])) {
        throw Error("model.tensor", name + " holds a value that is not a number at index " + std::to_string(i),
                    "The file is damaged. Download or convert it again.");
      }
    }
    weights_.bytes += bytes.size();
    return result;
  }

  /// [rows, columns] float32, whatever the file holds.
  Tensor small_matrix(const std::string& name, int64_t rows, int64_t columns) {
    return weights_.arena->from(values(name, rows, columns), rows, columns);
  }

  /// [1, count] float32.
  Tensor vector(const std::string& name, int64_t count) { return small_matrix(name, 1, count); }

  void refuse_unused() const {
    std::string names;
    int unused = 0;
    for (const auto& info : file_->tensors()) {
      if (used_.contains(info.name)) continue;
      if (++unused <= 8) names += (names.empty() ? "" : ", ") + info.name;
    }
    if (unused == 0) return;
    if (unused > 8) names += " and " + std::to_string(unused - 8) + " more";
    throw Error("model.tensor", "the model has tensors that its architecture does not know: " + names,
                "It is a variation that Hone cannot run; passing over them would give wrong results.");
  }

 private:
  const TensorInfo& find(const std::string& name, int64_t rows, int64_t columns) {
    const TensorInfo* info = file_->find(name);
    if (!info) {
      throw Error("model.tensor", "the model lacks the tensor " + name,
                  "The file is incomplete or of another architecture than it says.");
    }
    if (info->rows() != rows || info->columns() != columns) {
      throw Error("model.tensor", name + " has shape " + shape_text(*info) + ", expected is [" +
                                      std::to_string(columns) + ", " + std::to_string(rows) + "]",
                  "The file is damaged or its metadata belongs to another model.");
    }
    used_.insert(name);
    return *info;
  }

  std::shared_ptr<const GgufFile> file_;
  Backend& backend_;
  ModelWeights& weights_;
  std::set<std::string> used_;
};

LinearWeights load_projection(Loader& loader, const ModelConfig& config, int64_t layer, Projection projection) {
  const std::string stem = layer_tensor(layer, projection_name(projection));
  const int64_t outputs = config.outputs(projection);
  const bool attention = projection == Projection::q || projection == Projection::k || projection == Projection::v;
  LinearWeights linear;
  linear.weight = loader.matrix(stem + ".weight", outputs, config.inputs(projection));
  if (config.projection_scales && loader.contains(stem + ".scale")) linear.scale = loader.vector(stem + ".scale", 1);
  const bool optional = config.optional_biases && (attention || projection == Projection::output);
  if ((config.qkv_bias && attention) || (optional && loader.contains(stem + ".bias"))) {
    linear.bias = loader.vector(stem + ".bias", outputs);
  }
  return linear;
}

/// The parts of a fused matrix as views of its rows.
void split_rows(LayerWeights& layer, const ModelConfig& config, int64_t index, Projection fused) {
  const Tensor& whole = layer.at(fused).weight;
  if (whole.dtype == DType::I2_S) {
    throw Error("model.tensor", projection_tensor(index, fused) + " is a fused matrix of type I2_S",
                "Its one scale cannot be shared by the parts. Choose the model in another quantisation.");
  }
  int64_t begin = 0;
  for (const auto part : projection_parts(fused)) {
    layer.at(part).weight = whole.slice_rows(begin, config.outputs(part));
    begin += config.outputs(part);
  }
}

std::vector<float> load_rope_factors(Loader& loader, const ModelConfig& config, const std::string& name) {
  if (!loader.contains(name)) return {};
  auto factors = loader.values(name, 1, config.rope.dimensions / 2);
  for (const float factor : factors) {
    if (!(factor > 0)) throw Error("model.tensor", name + " holds a factor that is not above 0");
  }
  return factors;
}

void load_all_rope_factors(ModelWeights& weights, Loader& loader, const ModelConfig& config) {
  if (config.rope_factors) weights.rope_factors = load_rope_factors(loader, config, "rope_freqs.weight");
  if (!config.long_rope_factors) return;
  weights.rope_factors = load_rope_factors(loader, config, "rope_factors_short.weight");
  weights.long_rope_factors = load_rope_factors(loader, config, "rope_factors_long.weight");
  if (weights.rope_factors.empty() != weights.long_rope_factors.empty()) {
    throw Error("model.tensor", "the model has one of rope_factors_short.weight and rope_factors_long.weight only",
                "The file is incomplete. Download or convert it again.");
  }
}

LayerWeights load_layer(Loader& loader, const ModelConfig& config, int64_t index) {
  const auto norm = [&](const char* name, int64_t count) {
    return loader.vector(layer_tensor(index, name), count);
  };
  LayerWeights layer;
  layer.attention_norm = norm("attn_norm.weight", config.dim);
  layer.feed_forward_norm = norm("ffn_norm.weight", config.dim);
  if (config.sub_norms) {
    layer.attention_sub_norm = norm("attn_sub_norm.weight", config.query_width());
    layer.feed_forward_sub_norm = norm("ffn_sub_norm.weight", config.feed_forward);
  }
  if (config.head_norms && !config.is_convolution(index)) {
    layer.query_norm = norm("attn_q_norm.weight", config.head_dim);
    layer.key_norm = norm("attn_k_norm.weight", config.head_dim);
  }
  if (config.post_norms) {
    layer.attention_post_norm = norm("post_attention_norm.weight", config.dim);
    layer.feed_forward_post_norm = norm("post_ffw_norm.weight", config.dim);
  }
  if (config.is_convolution(index)) {
    layer.convolution =
        loader.small_matrix(layer_tensor(index, "shortconv.conv.weight"), config.dim, config.convolution_width);
  }
  for (const auto projection : kAllProjections) {
    if (!config.stores(index, projection)) continue;
    layer.at(projection) = load_projection(loader, config, index, projection);
    if (projection_parts(projection).size() > 1) split_rows(layer, config, index, projection);
  }
  return layer;
}

}  // namespace

ModelWeights load_weights(std::shared_ptr<const GgufFile> file, const ModelConfig& config, Backend& backend) {
  ModelWeights weights;
  weights.arena = std::make_unique<Arena>(backend);
  Loader loader(std::move(file), backend, weights);

  weights.embedding = loader.matrix("token_embd.weight", config.vocabulary, config.dim);
  weights.output_norm = loader.vector(config.final_norm, config.dim);
  if (config.tied_head) {
    weights.head.weight = weights.embedding;
    loader.ignore("output.weight");
  } else {
    weights.head.weight = loader.matrix("output.weight", config.vocabulary, config.dim);
  }
  load_all_rope_factors(weights, loader, config);
  for (int64_t i = 0; i < config.layers; ++i) weights.layers.push_back(load_layer(loader, config, i));
  loader.refuse_unused();
  return weights;
}

namespace {

[[noreturn]] void refuse_not_finite(const std::string& name, const std::string& where) {
  throw Error("model.not-finite", name + " holds values that are not finite numbers" + where,
              "The file is damaged. Download or convert it again.");
}

void check_on_host(const std::string& name, const Tensor& w, std::vector<float>& values) {
  values.resize(static_cast<size_t>(w.columns));
  for (int64_t row = 0; row < w.rows; ++row) {
    decode_weight_row(w, row, values.data());
    // A product with 0 is 0 for every finite number and NaN for all others, so one sum tells.
    float sum = 0;
    for (const float value : values) sum += value * 0.0f;
    if (sum != 0) refuse_not_finite(name, " in row " + std::to_string(row));
  }
}

/// Unpacks a matrix on its device, some rows at a time, and asks for its sum of squares.
void check_on_device(Backend& backend, const std::string& name, const Tensor& w) {
  constexpr int64_t kRows = 256;
  Arena arena(backend);
  const Tensor rows = arena.make(kRows, w.columns), ids = arena.make(kRows, 1, DType::I32);
  const Tensor sum = arena.make(1, 1, DType::F64);
  double total = 0;
  backend.upload(sum, &total);
  std::vector<int32_t> numbers(kRows);
  for (int64_t first = 0; first < w.rows; first += kRows) {
    const int64_t count = std::min(kRows, w.rows - first);
    std::iota(numbers.begin(), numbers.end(), static_cast<int32_t>(first));
    backend.upload(ids.slice_rows(0, count), numbers.data());
    backend.run(ops::Embedding{.ids = ids.slice_rows(0, count), .table = w, .y = rows.slice_rows(0, count)});
    backend.run(ops::SumSquares{.x = rows.slice_rows(0, count), .out = sum});
  }
  backend.download(sum, &total);
  if (!std::isfinite(total)) refuse_not_finite(name, "");
}

}  // namespace

void check_finite(const ModelWeights& weights, Backend& backend) {
  std::vector<float> values;
  std::set<const Buffer*> seen;
  const auto check = [&](const std::string& name, const Tensor& w) {
    // The parts of a fused matrix and a tied head lie in a buffer that was read already.
    if (!w || !seen.insert(w.buffer).second) return;
    w.buffer->host() ? check_on_host(name, w, values) : check_on_device(backend, name, w);
  };
  check("token_embd.weight", weights.embedding);
  check("output.weight", weights.head.weight);
  for (size_t layer = 0; layer < weights.layers.size(); ++layer) {
    for (const auto projection : kAllProjections) {
      check(projection_tensor(static_cast<long long>(layer), projection), weights.layers[layer].at(projection).weight);
    }
  }
}

ops::Activations activations_for(ActivationMode mode, const Tensor& weight) noexcept {
  if (mode == ActivationMode::exact) return ops::Activations::exact;
  if (mode == ActivationMode::rounded || is_ternary(weight.dtype)) return ops::Activations::rounded;
  return ops::Activations::fine;
}

}  // namespace hone
