#include "train/pretrain.h"

#include "core/float16.h"
#include "core/random.h"
#include "gguf/writer.h"
#include "ops/adamw.h"
#include "ops/elementwise.h"
#include "quant/codec.h"
#include "train/checkpoint.h"
#include "train/copying_start.h"
#include "train/data_order.h"
#include "train/fingerprint.h"
#include "train/optimizer.h"
#include "train/parameter_store.h"
#include "train/schedule.h"
#include "train/training_pass.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

ModelConfig make_config(const PretrainOptions& options) {
  const int64_t block = options.ternary ? traits(DType::TQ2_0).block_length : 1;
  const bool sizes = options.vocabulary > 0 && options.dim > 0 && options.feed_forward > 0 && options.layers > 0 &&
                     options.heads > 0 && options.groups > 0 && options.context > 1 && options.steps > 0;
  if (!sizes || options.dim % block != 0 || options.feed_forward % block != 0 || options.dim % options.heads != 0 ||
      (options.dim / options.heads) % 2 != 0 || options.heads % options.groups != 0) {
    throw Error("recipe.value", "a model of width " + std::to_string(options.dim) + ", feed-forward " +
                                    std::to_string(options.feed_forward) + " with " + std::to_string(options.heads) +
                                    " heads cannot be made",
                "Widths must be multiples of " + std::to_string(block) + " and of twice the number of heads.");
  }
  ModelConfig config;
  config.architecture = "bitnet";
  config.dim = options.dim;
  config.feed_forward = options.feed_forward;
  config.layers = options.layers;
  config.heads = options.heads;
  config.groups = options.groups;
  config.head_dim = options.dim / options.heads;
  config.attention_scale = static_cast<float>(1 / std::sqrt(static_cast<double>(config.head_dim)));
  config.vocabulary = options.vocabulary;
  config.context = options.context;
  config.rope.dimensions = config.head_dim;
  config.rope.pairing = ops::RopePairing::neox;
  config.rope.base = options.rope_base;
  config.rope.original_context = options.context;
  config.sub_norms = true;
  config.projection_scales = true;
  config.tied_head = true;
  return config;
}

/// Pieces of at most `limit` tokens.
std::vector<Example> cut(const std::vector<Example>& documents, int64_t limit, int64_t vocabulary) {
  std::vector<Example> pieces;
  for (const auto& [document, targets] : documents) {
    ensure(document.size() == targets.size(), "a document has one flag for each token");
    for (const int32_t token : document) {
      if (token < 0 || token >= vocabulary) {
        throw Error("data.token", "the training text holds token " + std::to_string(token) + ", the vocabulary has " +
                                      std::to_string(vocabulary));
      }
    }
    for (size_t begin = 0; begin < document.size(); begin += static_cast<size_t>(limit)) {
      const size_t end = std::min(document.size(), begin + static_cast<size_t>(limit));
      if (end - begin < 2) break;
      const auto [first, last] = std::pair(static_cast<std::ptrdiff_t>(begin), static_cast<std::ptrdiff_t>(end));
      pieces.push_back({{document.begin() + first, document.begin() + last},
                        {targets.begin() + first, targets.begin() + last}});
    }
  }
  return pieces;
}

int64_t learned_tokens(const Example& document) {
  return std::count(document.targets.begin() + 1, document.targets.end(), uint8_t{1});
}

/// One scale per matrix: w = s·t with s = mean |W|, t in {-1, 0, 1}, into the blocks of `ternary`.
void make_ternary(const Tensor& master, const Tensor& ternary, std::vector<float>& buffer) {
  double sum = 0;
  for (int64_t row = 0; row < master.rows; ++row) {
    const float* w = master.row<float>(row);
    for (int64_t i = 0; i < master.columns; ++i) sum += std::abs(w[i]);
  }
  const float scale = std::max(1e-5f, static_cast<float>(sum / static_cast<double>(master.elements())));
  const float inverse = 1 / scale;
  buffer.resize(static_cast<size_t>(master.columns));
  for (int64_t row = 0; row < master.rows; ++row) {
    const float* w = master.row<float>(row);
    for (size_t i = 0; i < buffer.size(); ++i) {
      const float x = w[i] * inverse;
      buffer[i] = x > 0.5f ? scale : x < -0.5f ? -scale : 0.0f;
    }
    encode_row(ternary.dtype, buffer.data(), ternary.data() + matrix_bytes(ternary.dtype, row, ternary.columns),
               ternary.columns);
  }
}

}  // namespace

struct Pretrainer::Impl {
  Backend& backend;
  PretrainOptions options;
  ModelConfig config;
  std::vector<Example> documents, validation;
  std::string data_digest;
  ParameterStore master, gradient, m, v;
  ModelGradients gradients;
  ModelWeights weights;
  std::optional<DataOrder> order;
  std::optional<TrainingPass> pass;
  GradientNorm norm;
  std::vector<float> buffer;
  int64_t row_tokens = 0;
  int64_t steps_done = 0, updates = 0, tokens = 0;

  Impl(Backend& backend_, const PretrainOptions& options_, const std::vector<Example>& documents_)
      : backend(backend_),
        options(options_),
        config(make_config(options_)),
        documents(cut(documents_, options_.context, options_.vocabulary)),
        master(backend_, config),
        gradient(backend_, config),
        m(backend_, config),
        v(backend_, config),
        gradients(gradient.as_gradients()),
        norm(backend_) {
    const auto kept_apart = static_cast<size_t>(std::max<int64_t>(0, options.validation_documents));
    if (documents.size() <= kept_apart) {
      throw Error("data.empty", "there are " + std::to_string(documents.size()) + " documents, " +
                                    std::to_string(kept_apart) + " of them for validation");
    }
    Fingerprint fingerprint;
    for (const auto& document : documents) {
      fingerprint.add(std::span<const int32_t>(document.tokens)).add(std::span<const uint8_t>(document.targets));
    }
    data_digest = fingerprint.text();
    validation.assign(documents.end() - static_cast<std::ptrdiff_t>(kept_apart), documents.end());
    documents.resize(documents.size() - kept_apart);

    options.micro_tokens = std::max(options.micro_tokens, options.context);
    std::vector<int64_t> lengths;
    for (const auto& document : documents) lengths.push_back(static_cast<int64_t>(document.tokens.size()));
    order.emplace(std::move(lengths),
                  OrderOptions{.epochs = 1,
                               .max_steps = options.steps,
                               .batch_size = 1,
                               .batch_tokens = options.micro_tokens,
                               .accumulation = std::max<int64_t>(1, options.batch_tokens / options.micro_tokens),
                               .seed = derive_key(options.seed, 2)});
    initialise_parameters(master, config, derive_key(options.seed, 1));
    if (options.copying_start) start_with_copying(master, config, derive_key(options.seed, 3));
    build_weights();
    row_tokens = std::max(order->longest_batch(), options.context);
    pass.emplace(backend, config, weights,
                 PassOptions{.tokens = row_tokens,
                             .positions = options.context,
                             .checkpointing = false,
                             .activations = options.ternary ? ActivationMode::automatic : ActivationMode::exact,
                             .gradients = true},
                 std::vector<ActiveAdapter>{}, nullptr, nullptr);
    pass->use(&gradients);
  }

  void build_weights() {
    weights.arena = std::make_unique<Arena>(backend);
    weights.embedding = weights.head.weight = master.embedding;
    weights.output_norm = master.output_norm;
    for (const auto& source : master.layers) {
      LayerWeights layer;
      layer.attention_norm = source.attention_norm;
      layer.attention_sub_norm = source.attention_sub_norm;
      layer.feed_forward_norm = source.feed_forward_norm;
      layer.feed_forward_sub_norm = source.feed_forward_sub_norm;
      for (const auto projection : kPlainProjections) {
        const Tensor& matrix = source.projections[static_cast<size_t>(projection)];
        layer.at(projection).weight =
            options.ternary ? weights.arena->make(matrix.rows, matrix.columns, DType::TQ2_0) : matrix;
      }
      weights.layers.push_back(layer);
    }
    refresh();
  }

  /// Brings the weights that run up to date with their masters.
  void refresh() {
    if (!options.ternary) return;
    backend.synchronize();
    for (size_t i = 0; i < weights.layers.size(); ++i) {
      for (const auto projection : kPlainProjections) {
        make_ternary(master.layers[i].projections[static_cast<size_t>(projection)],
                     weights.layers[i].at(projection).weight, buffer);
      }
    }
  }

  void adamw(const Tensor& w, const Tensor& g, const Tensor& first, const Tensor& second, float rate, float decay,
             float scale) {
    backend.run(ops::AdamW{.w = w,
                           .gradient = g,
                           .m = first,
                           .v = second,
                           .step = updates,
                           .learning_rate = rate,
                           .beta1 = options.beta1,
                           .beta2 = options.beta2,
                           .epsilon = 1e-8f,
                           .weight_decay = decay,
                           .gradient_scale = scale});
  }

  bool step(PretrainReport& report) {
    if (steps_done >= order->total_steps()) return false;
    const auto begin = Clock::now();
    report = {};
    std::vector<TrainingRow> rows;
    int64_t targets = 0;
    for (const auto& batch : order->step(steps_done)) {
      rows.emplace_back();
      for (const uint32_t index : batch) {
        rows.back().append(documents[index].tokens, documents[index].targets);
        targets += learned_tokens(documents[index]);
      }
      report.tokens += rows.back().size();
    }
    backend.run(ops::Fill{.y = gradient.flat(), .value = 0});
    double loss = 0;
    for (const auto& row : rows) loss += pass->learn(row, 1.0f / static_cast<float>(targets)).loss;

    const Tensor flat = gradient.flat();
    report.gradient_norm = norm.of({&flat, 1});
    report.loss = loss / static_cast<double>(targets);
    report.learning_rate = learning_rate_at(Schedule::cosine, options.learning_rate, options.warmup_steps,
                                            options.floor, steps_done, order->total_steps());
    if (std::isfinite(report.gradient_norm)) {
      ++updates;
      const float clip = clip_factor(report.gradient_norm, options.clip_norm);
      adamw(master.matrices(), gradient.matrices(), m.matrices(), v.matrices(), report.learning_rate,
            options.weight_decay, clip);
      adamw(master.norms(), gradient.norms(), m.norms(), v.norms(), report.learning_rate, 0, clip);
      refresh();
    }
    ++steps_done;
    tokens += report.tokens;
    report.step = steps_done;
    report.total = order->total_steps();
    report.epoch = order->epoch_at(steps_done);
    report.tokens_per_second =
        static_cast<double>(report.tokens) / std::chrono::duration<double>(Clock::now() - begin).count();
    return true;
  }

  double validate() {
    LossSums sums;
    TrainingRow row;
    const auto flush = [&] {
      const LossSums part = pass->evaluate(row);
      sums.loss += part.loss;
      sums.targets += part.targets;
      row = {};
    };
    for (const auto& document : validation) {
      if (row.size() > 0 && row.size() + static_cast<int64_t>(document.tokens.size()) > row_tokens) flush();
      row.append(document.tokens, document.targets);
    }
    if (row.size() > 0) flush();
    return sums.targets > 0 ? sums.loss / static_cast<double>(sums.targets) : 0;
  }

  double loss_and_gradient() {
    refresh();
    TrainingRow row;
    for (const auto& document : documents) row.append(document.tokens, document.targets);
    int64_t targets = 0;
    for (const int32_t target : row.targets) targets += target >= 0;
    backend.run(ops::Fill{.y = gradient.flat(), .value = 0});
    return pass->learn(row, 1.0f / static_cast<float>(targets)).loss / static_cast<double>(targets);
  }

  CheckpointIdentity identity() const {
    Fingerprint recipe, model;
    recipe.add(options.steps).add(options.batch_tokens).add(options.micro_tokens).add(options.learning_rate);
    recipe.add(options.warmup_steps).add(options.floor).add(options.weight_decay).add(options.beta1);
    recipe.add(options.beta2).add(options.clip_norm).add(options.seed).add(options.ternary).add(options.copying_start);
    model.add(config.dim).add(config.feed_forward).add(config.layers).add(config.heads).add(config.groups);
    model.add(config.vocabulary).add(config.context).add(options.rope_base);
    return {.recipe = recipe.text(), .data = data_digest, .model = model.text()};
  }

  std::vector<CheckpointTensor> state() const {
    return {{"master", master.flat()}, {"m", m.flat()}, {"v", v.flat()}};
  }

  Metadata describe(const std::string& path, const Metadata& described) const {
    constexpr uint32_t kMostlyTq2 = 37, kQuantizationVersion = 2;
    const auto u32 = [](int64_t value) { return static_cast<uint32_t>(value); };
    Metadata keys(path);
    for (const auto& [key, value] : described.entries()) {
      if (key.starts_with("general.") || key.starts_with("tokenizer.")) keys.set(key, value);
    }
    keys.set("general.architecture", config.architecture);
    keys.set("general.file_type", kMostlyTq2);
    keys.set("general.quantization_version", kQuantizationVersion);
    keys.set("bitnet.context_length", u32(config.context));
    keys.set("bitnet.embedding_length", u32(config.dim));
    keys.set("bitnet.block_count", u32(config.layers));
    keys.set("bitnet.feed_forward_length", u32(config.feed_forward));
    keys.set("bitnet.attention.head_count", u32(config.heads));
    keys.set("bitnet.attention.head_count_kv", u32(config.groups));
    keys.set("bitnet.attention.layer_norm_rms_epsilon", config.epsilon);
    keys.set("bitnet.rope.dimension_count", u32(config.rope.dimensions));
    keys.set("bitnet.rope.freq_base", static_cast<float>(config.rope.base));
    keys.set("bitnet.rope.scaling.type", std::string("linear"));
    keys.set("bitnet.rope.scaling.factor", 1.0f);
    keys.set("bitnet.vocab_size", u32(config.vocabulary));
    keys.set("bitnet.hidden_activation", std::string(activation_name(config.activation)));
    return keys;
  }

  void write_model(const std::string& path, const Metadata& described) const {
    ensure(options.ternary, "only a ternary model is written");
    struct Part {
      TensorInfo info;
      Tensor tensor;
    };
    std::vector<Part> parts;
    const auto add = [&](const std::string& name, const Tensor& tensor, DType stored) {
      if (tensor.rows == 1) parts.push_back({make_tensor_info(name, stored, {tensor.columns}), tensor});
      else parts.push_back({make_tensor_info(name, stored, {tensor.columns, tensor.rows}), tensor});
    };
    add("token_embd.weight", master.embedding, DType::F16);
    for (int64_t i = 0; i < config.layers; ++i) {
      const LayerWeights& layer = weights.layers[static_cast<size_t>(i)];
      add(layer_tensor(i, "attn_norm.weight"), layer.attention_norm, DType::F32);
      add(layer_tensor(i, "attn_sub_norm.weight"), layer.attention_sub_norm, DType::F32);
      add(layer_tensor(i, "ffn_norm.weight"), layer.feed_forward_norm, DType::F32);
      add(layer_tensor(i, "ffn_sub_norm.weight"), layer.feed_forward_sub_norm, DType::F32);
      for (const auto projection : kPlainProjections) {
        add(projection_tensor(i, projection), layer.at(projection).weight, DType::TQ2_0);
      }
    }
    add("output_norm.weight", master.output_norm, DType::F32);

    std::vector<TensorInfo> infos;
    for (const auto& part : parts) infos.push_back(part.info);
    GgufWriter writer(path, describe(path, described), std::move(infos));
    for (const auto& part : parts) {
      std::vector<std::byte> bytes(matrix_bytes(part.tensor.dtype, part.tensor.rows, part.tensor.columns));
      backend.download(part.tensor, bytes.data());
      if (part.info.dtype != part.tensor.dtype) {
        std::vector<std::byte> halves(part.info.bytes);
        encode_row(part.info.dtype, reinterpret_cast<const float*>(bytes.data()), halves.data(),
                   part.tensor.elements());
        bytes = std::move(halves);
      }
      writer.write(bytes);
    }
    writer.commit();
  }
};

Pretrainer::Pretrainer(Backend& backend, const PretrainOptions& options, std::vector<Example> documents)
    : impl_(std::make_unique<Impl>(backend, options, documents)) {}

Pretrainer::~Pretrainer() = default;

bool Pretrainer::step(PretrainReport& report) { return impl_->step(report); }

double Pretrainer::validate() { return impl_->validate(); }

int64_t Pretrainer::steps_done() const noexcept { return impl_->steps_done; }

int64_t Pretrainer::parameters() const noexcept { return impl_->master.flat().elements(); }

size_t Pretrainer::bytes() const noexcept {
  return 4 * impl_->master.bytes() + impl_->pass->bytes() + impl_->weights.arena->bytes();
}

void Pretrainer::save_checkpoint(const std::string& path) const {
  write_checkpoint(path, impl_->identity(),
                   {.step = impl_->steps_done, .updates = impl_->updates, .tokens = impl_->tokens}, impl_->state(),
                   impl_->backend);
}

void Pretrainer::load_checkpoint(const std::string& path) {
  const CheckpointProgress progress =
      read_checkpoint(path, impl_->identity(), impl_->order->total_steps(), impl_->state(), impl_->backend).progress;
  impl_->steps_done = progress.step;
  impl_->updates = progress.updates;
  impl_->tokens = progress.tokens;
  impl_->refresh();
}

void Pretrainer::start_from(const std::string& checkpoint) {
  read_checkpoint_tensors(checkpoint, impl_->identity().model, {{"master", impl_->master.flat()}}, impl_->backend);
  impl_->refresh();
}

void Pretrainer::write_model(const std::string& path, const Metadata& described) const {
  impl_->write_model(path, described);
}

double Pretrainer::loss_and_gradient() { return impl_->loss_and_gradient(); }

Tensor Pretrainer::master() const noexcept { return impl_->master.flat(); }

Tensor Pretrainer::gradient() const noexcept { return impl_->gradient.flat(); }

const ModelConfig& Pretrainer::config() const noexcept { return impl_->config; }

const ModelWeights& Pretrainer::weights() const noexcept { return impl_->weights; }

}  // namespace hone
