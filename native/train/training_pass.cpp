#include "train/training_pass.h"

#include "core/random.h"
#include "model/adapter_set.h"
#include "model/rope_tables.h"
#include "ops/cross_entropy.h"
#include "ops/elementwise.h"
#include "ops/embedding.h"
#include "ops/noise.h"
#include "ops/rms_norm.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

/// Keys of a row's dropout count from 0, one for each matrix; this one belongs to the noise of its embedding.
constexpr uint64_t kNoise = ~uint64_t{0};

}  // namespace

void TrainingRow::append(std::span<const int32_t> document, std::span<const uint8_t> learned) {
  const auto begin = static_cast<int32_t>(tokens.size());
  for (size_t i = 0; i < document.size(); ++i) {
    tokens.push_back(document[i]);
    positions.push_back(static_cast<int32_t>(i));
    key_begin.push_back(begin);
    targets.push_back(i + 1 < document.size() && learned[i + 1] ? document[i + 1] : -1);
  }
}

struct TrainingPass::Impl {
  Backend& backend;
  const ModelConfig& config;
  const ModelWeights& weights;
  PassOptions options;
  Arena arena;
  AdapterSet adapters;
  const LoraAdapter* trained;
  const LoraAdapter* lora_gradients;
  const ModelGradients* gradients = nullptr;

  int64_t lowest = 0;                          ///< first block that needs a gradient
  BlockStage lowest_stage = BlockStage::input;  ///< how deep the pass goes there

  ModelRopes ropes;
  Tensor ids, positions, key_begin;          ///< [N, 1] int32
  Tensor window_begin;                       ///< key_begin of local layers; absent in models without them
  Tensor target_rows, targets, correct;      ///< [N, 1] int32, of the M rows with a target
  Tensor target_weights, losses;             ///< [N, 1]
  Tensor noise_scales;                       ///< [N, 1]: see Regularisation
  std::vector<Tensor> inputs;                ///< x of blocks lowest … L, [N, D]; one for evaluation
  std::vector<BlockState> states;            ///< one, or one per block without checkpointing
  BlockScratch scratch;
  BackwardScratch backward;
  Tensor dx;                                 ///< [N, D]
  Tensor head_input, d_head_input;           ///< [N, D], rows with a target only

  Impl(Backend& backend_, const ModelConfig& config_, const ModelWeights& weights_, const PassOptions& options_,
       std::vector<ActiveAdapter> active, const LoraAdapter* trained_, const LoraAdapter* lora_gradients_)
      : backend(backend_),
        config(config_),
        weights(weights_),
        options(options_),
        arena(backend_),
        adapters(arena, config_, active, options_.tokens, options_.gradients && !options_.checkpointing),
        trained(trained_),
        lora_gradients(lora_gradients_) {
    for (const auto& each : active) {
      if (each.adapter->head()) {
        throw Error("model.not-trainable", "an adapter on the output matrix cannot take part in training",
                    "Choose an adapter on the projections of the blocks only.");
      }
    }
    find_lowest();
    allocate();
  }

  void find_lowest() {
    if (!trained) return;
    ensure(!trained->pairs().empty(), "an adapter without pairs");
    // Pairs are sorted by layer, then by projection: the first one is the lowest.
    const LoraPair& first = trained->pairs().front();
    lowest = first.layer;
    switch (first.projection) {
      case Projection::qkv:
      case Projection::conv_in:
      case Projection::q:
      case Projection::k:
      case Projection::v: lowest_stage = BlockStage::qkv; break;
      case Projection::conv_out:
      case Projection::output: lowest_stage = BlockStage::output; break;
      case Projection::gate_up:
      case Projection::gate:
      case Projection::up: lowest_stage = BlockStage::gate_up; break;
      case Projection::down: lowest_stage = BlockStage::down; break;
    }
  }

  void allocate() {
    const int64_t n = options.tokens;
    ensure(n > 0, "a training pass without room");
    ropes = make_model_ropes(arena, config, weights, std::clamp<int64_t>(options.positions, 1, n));
    if (config.local_layers > 0) window_begin = arena.make(n, 1, DType::I32);
    for (Tensor* tensor : {&ids, &positions, &key_begin, &target_rows, &targets, &correct}) {
      *tensor = arena.make(n, 1, DType::I32);
    }
    target_weights = arena.make(n, 1);
    losses = arena.make(n, 1);
    noise_scales = arena.make(n, 1);
    scratch = make_block_scratch(arena, config, n);
    head_input = arena.make(n, config.dim);
    const bool keep = options.gradients;
    const int64_t kept_inputs = keep ? config.layers - lowest + 1 : 1;
    for (int64_t i = 0; i < kept_inputs; ++i) inputs.push_back(arena.make(n, config.dim));
    const int64_t kept_states = keep && !options.checkpointing ? config.layers - lowest : 1;
    for (int64_t i = 0; i < kept_states; ++i) states.push_back(make_block_state(arena, config, n));
    if (!keep) return;
    bool scales = false;
    for (const auto& layer : weights.layers) {
      for (const auto& projection : layer.projections) scales = scales || projection.scale;
    }
    backward = make_backward_scratch(arena, config, scales, n);
    dx = arena.make(n, config.dim);
    d_head_input = arena.make(n, config.dim);
  }

  /// x of block `layer` (or of the final norm for `layer` == L). Blocks below the lowest one share a buffer.
  Tensor input(int64_t layer, int64_t n) const {
    const int64_t index = options.gradients ? std::max<int64_t>(layer - lowest, 0) : 0;
    return inputs[static_cast<size_t>(index)].slice_rows(0, n);
  }

  BlockState state(int64_t layer, int64_t n) const {
    const int64_t index = states.size() > 1 ? std::max<int64_t>(layer - lowest, 0) : 0;
    return first_rows(states[static_cast<size_t>(index)], n);
  }

  BlockContext context(int64_t layer, int64_t n, const Regularisation& regularisation) const {
    BlockContext result{.backend = backend,
                        .config = config,
                        .weights = weights.layers[static_cast<size_t>(layer)],
                        .layer = layer,
                        .activations = options.activations,
                        .rope = ropes.of(config, layer),
                        .positions = positions.slice_rows(0, n),
                        .key_begin = (config.is_local(layer) ? window_begin : key_begin).slice_rows(0, n),
                        .past = 0,
                        .loras = adapters.layer(layer, n, trained, lora_gradients),
                        .gradients = gradients ? &gradients->layers[static_cast<size_t>(layer)] : nullptr};
    for (auto& loras : result.loras) {
      for (auto& lora : loras) {
        if (!lora.da) continue;  // only the adapter that learns drops out
        const auto matrix = static_cast<uint64_t>(layer) * kProjections + static_cast<uint64_t>(lora.target);
        lora.dropout.rate = regularisation.dropout;
        lora.dropout.key = derive_key(regularisation.key, matrix);
      }
    }
    return result;
  }

  void upload(const TrainingRow& row) {
    const int64_t n = row.size();
    ensure(n > 0 && n <= options.tokens, "a training row longer than its pass");
    backend.upload(ids.slice_rows(0, n), row.tokens.data());
    backend.upload(positions.slice_rows(0, n), row.positions.data());
    backend.upload(key_begin.slice_rows(0, n), row.key_begin.data());
    if (config.local_layers == 0) return;
    std::vector<int32_t> begins = row.key_begin;
    for (size_t i = 0; i < begins.size(); ++i) {
      begins[i] = window_start(static_cast<int32_t>(i), begins[i], config.window);
    }
    backend.upload(window_begin.slice_rows(0, n), begins.data());
  }

  /// The width of the noise at each token: α/√(T·D) with the length T of its document.
  void upload_noise(const TrainingRow& row, float alpha) {
    std::vector<float> scales(row.key_begin.size());
    for (size_t begin = 0, end = 0; begin < scales.size(); begin = end) {
      for (end = begin + 1; end < scales.size() && row.key_begin[end] == row.key_begin[begin];) ++end;
      const double elements = static_cast<double>(end - begin) * static_cast<double>(config.dim);
      std::fill(scales.begin() + static_cast<std::ptrdiff_t>(begin), scales.begin() + static_cast<std::ptrdiff_t>(end),
                static_cast<float>(alpha / std::sqrt(elements)));
    }
    backend.upload(noise_scales.slice_rows(0, row.size()), scales.data());
  }

  /// Uploads the targets of a row with one weight each; returns how many there are.
  int64_t upload_targets(const TrainingRow& row, float weight) {
    std::vector<int32_t> rows, ids_of_targets;
    for (int64_t i = 0; i < row.size(); ++i) {
      const int32_t target = row.targets[static_cast<size_t>(i)];
      if (target < 0) continue;
      rows.push_back(static_cast<int32_t>(i));
      ids_of_targets.push_back(target);
    }
    const auto count = static_cast<int64_t>(rows.size());
    const std::vector<float> weights_of_targets(rows.size(), weight);
    if (count == 0) return 0;
    backend.upload(target_rows.slice_rows(0, count), rows.data());
    backend.upload(targets.slice_rows(0, count), ids_of_targets.data());
    backend.upload(target_weights.slice_rows(0, count), weights_of_targets.data());
    return count;
  }

  void forward(int64_t n, bool learning, const Regularisation& regularisation) {
    backend.run(ops::Embedding{.ids = ids.slice_rows(0, n),
                               .table = weights.embedding,
                               .y = input(0, n),
                               .scale = config.embedding_scale});
    if (regularisation.embedding_noise > 0) {
      const uint64_t key = derive_key(regularisation.key, kNoise);
      backend.run(ops::AddNoise{.y = input(0, n), .scales = noise_scales.slice_rows(0, n), .key = key});
    }
    const BlockScratch buffers = first_rows(scratch, n);
    for (int64_t layer = 0; layer < config.layers; ++layer) {
      const BlockContext block = context(layer, n, regularisation);
      BlockState kept = state(layer, n);
      const bool in_place = !learning || layer < lowest;
      const Tensor x = input(in_place ? 0 : layer, n);
      if (in_place) kept.middle = x;
      forward_block(block, kept, buffers, x, in_place ? x : input(layer + 1, n));
    }
  }

  /// x_L, wherever this kind of pass leaves it.
  Tensor final_input(int64_t n, bool learning) const { return learning ? input(config.layers, n) : input(0, n); }

  /// The final norm and the loss of the `count` rows with a target, to be read by `read_losses`. The gradient of the
  /// norm's output, when wanted, is left in d_head_input, compact.
  void head(int64_t n, int64_t count, bool learning) {
    const Tensor normalised = scratch.normalised.slice_rows(0, n);
    backend.run(ops::RmsNorm{
        .x = final_input(n, learning), .w = weights.output_norm, .y = normalised, .epsilon = config.epsilon});
    const Tensor rows = target_rows.slice_rows(0, count);
    const Tensor h = head_input.slice_rows(0, count);
    backend.run(ops::Embedding{.ids = rows, .table = normalised, .y = h, .scale = 1});  // gathers the rows
    ops::CrossEntropy op{.h = h,
                         .w = weights.head.weight,
                         .targets = targets.slice_rows(0, count),
                         .weights = target_weights.slice_rows(0, count),
                         .loss = losses.slice_rows(0, count),
                         .dh = {},
                         .dw = {},
                         .correct = {},
                         .activations = options.activations == ActivationMode::exact ? ops::Activations::exact
                                                                                     : ops::Activations::fine};
    if (learning) {
      op.dh = d_head_input.slice_rows(0, count);
      if (gradients) op.dw = config.tied_head ? gradients->embedding : gradients->head;
    } else {
      op.correct = correct.slice_rows(0, count);
    }
    backend.run(op);
  }

  /// Waits for what was run before.
  LossSums read_losses(int64_t count, bool learning) {
    LossSums sums;
    sums.targets = count;
    std::vector<float> values(static_cast<size_t>(count));
    backend.download(losses.slice_rows(0, count), values.data());
    for (const float value : values) sums.loss += static_cast<double>(value);
    if (!learning) {
      std::vector<int32_t> hits(static_cast<size_t>(count));
      backend.download(correct.slice_rows(0, count), hits.data());
      for (const int32_t hit : hits) sums.correct += hit;
    }
    return sums;
  }

  void backward_pass(int64_t n, int64_t count, const Regularisation& regularisation) {
    const Tensor gradient = dx.slice_rows(0, n);
    const Tensor scattered = backward.normalised.slice_rows(0, n);
    backend.run(ops::Fill{.y = scattered, .value = 0});
    backend.run(ops::EmbeddingBackward{.ids = target_rows.slice_rows(0, count),
                                       .dy = d_head_input.slice_rows(0, count),
                                       .dtable = scattered,
                                       .scale = 1});
    backend.run(ops::RmsNormBackward{.x = input(config.layers, n),
                                     .w = weights.output_norm,
                                     .dy = scattered,
                                     .dx = gradient,
                                     .dw = gradients ? gradients->output_norm : Tensor{},
                                     .epsilon = config.epsilon,
                                     .accumulate = false});

    const BlockScratch buffers = first_rows(scratch, n);
    const BackwardScratch more = first_rows(backward, n);
    for (int64_t layer = config.layers - 1; layer >= lowest; --layer) {
      const BlockContext block = context(layer, n, regularisation);
      const BlockState kept = state(layer, n);
      const Tensor x = input(layer, n);
      // The top block's state is still there from the forward pass.
      const bool again = options.checkpointing && layer != config.layers - 1;
      if (again) forward_block(block, kept, buffers, x, more.normalised, true);
      backward_block(block, kept, buffers, more, x, gradient, layer == lowest ? lowest_stage : BlockStage::input);
    }
    if (gradients && gradients->embedding) {
      backend.run(ops::EmbeddingBackward{.ids = ids.slice_rows(0, n),
                                         .dy = gradient,
                                         .dtable = gradients->embedding,
                                         .scale = config.embedding_scale});
    }
  }
};

TrainingPass::TrainingPass(Backend& backend, const ModelConfig& config, const ModelWeights& weights,
                           const PassOptions& options, std::vector<ActiveAdapter> adapters, const LoraAdapter* trained,
                           const LoraAdapter* gradients)
    : impl_(std::make_unique<Impl>(backend, config, weights, options, std::move(adapters), trained, gradients)) {}

TrainingPass::~TrainingPass() = default;

void TrainingPass::use(const ModelGradients* gradients) {
  ensure(!impl_->trained, "whole weights and an adapter are not trained together");
  impl_->gradients = gradients;
}

LossSums TrainingPass::learn(const TrainingRow& row, float weight, const Regularisation& regularisation) {
  ensure(impl_->options.gradients && (impl_->trained || impl_->gradients), "a pass that has nothing to train");
  const int64_t count = impl_->upload_targets(row, weight);
  if (count == 0) return {};
  impl_->upload(row);
  if (regularisation.embedding_noise > 0) impl_->upload_noise(row, regularisation.embedding_noise);
  impl_->forward(row.size(), true, regularisation);
  impl_->head(row.size(), count, true);
  impl_->backward_pass(row.size(), count, regularisation);
  return impl_->read_losses(count, true);  // only now, so that a device has all of its work before the host waits
}

LossSums TrainingPass::evaluate(const TrainingRow& row) {
  const int64_t count = impl_->upload_targets(row, 1);
  if (count == 0) return {};
  impl_->upload(row);
  impl_->forward(row.size(), false, {});
  impl_->head(row.size(), count, false);
  return impl_->read_losses(count, false);
}

size_t TrainingPass::bytes() const noexcept { return impl_->arena.bytes(); }

}  // namespace hone
