#include "model/decoder.h"

#include "model/adapter_set.h"
#include "model/block.h"
#include "model/rope_tables.h"
#include "ops/embedding.h"
#include "ops/rms_norm.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace hone {
namespace {

/// Logits are made for this many tokens at a time: with a vocabulary of 262144 that is 32 MB.
constexpr int64_t kHeadRows = 32;

using AdapterKey = std::vector<std::pair<uint64_t, float>>;

AdapterKey key_of(std::span<const ActiveAdapter> adapters) {
  AdapterKey key;
  for (const auto& active : adapters) key.emplace_back(active.adapter->id(), active.strength);
  return key;
}

}  // namespace

struct Decoder::Impl {
  Backend& backend;
  const ModelConfig& config;
  const ModelWeights& weights;
  DecoderOptions options;
  Arena arena;
  ModelRopes ropes;
  BlockState state;
  BlockScratch scratch;
  Tensor ids, positions, key_begin;  ///< [chunk, 1] int32
  Tensor window_begin;               ///< the same for local layers; absent in models without them
  Tensor x;                          ///< [chunk, D]
  Tensor row_keys, row_values;       ///< [chunk, G·d]: on their way to caches of other sequences or types
  Tensor logits;                     ///< [head rows, V]
  std::vector<float> host_logits;
  std::vector<int32_t> host_positions;

  Impl(Backend& backend_, const ModelConfig& config_, const ModelWeights& weights_, const DecoderOptions& options_)
      : backend(backend_), config(config_), weights(weights_), options(options_), arena(backend_) {
    if (options.positions <= 0) options.positions = config.context;
    options.chunk = std::clamp<int64_t>(options.chunk, 1, options.positions);
    const int64_t chunk = options.chunk;
    ropes = make_model_ropes(arena, config, weights, options.positions);
    state = make_inference_state(chunk);
    scratch = make_block_scratch(arena, config, chunk);
    ids = arena.make(chunk, 1, DType::I32);
    positions = arena.make(chunk, 1, DType::I32);
    key_begin = arena.make(chunk, 1, DType::I32);
    const std::vector<int32_t> zeros(static_cast<size_t>(chunk), 0);
    backend.upload(key_begin, zeros.data());
    if (config.local_layers > 0) window_begin = arena.make(chunk, 1, DType::I32);
    x = arena.make(chunk, config.dim);
    logits = arena.make(std::min(chunk, kHeadRows), config.vocabulary);
    host_positions.resize(static_cast<size_t>(chunk));
  }

  BlockState make_inference_state(int64_t chunk) {
    BlockState made;
    made.q = arena.make(chunk, config.query_width());
    if (config.head_norms) {
      made.q_raw = arena.make(chunk, config.query_width());
      made.k_raw = arena.make(chunk, config.key_width());
    }
    if (config.convolution_width > 0) made.convolution = arena.make(chunk, 3 * config.dim);
    row_keys = arena.make(chunk, config.key_width());
    row_values = arena.make(chunk, config.key_width());
    made.attended = arena.make(chunk, config.query_width());
    made.gate = arena.make(chunk, config.feed_forward);
    made.up = arena.make(chunk, config.feed_forward);
    return made;
  }

  void check(std::span<const int32_t> tokens, const KvCache& cache) const {
    const auto count = static_cast<int64_t>(tokens.size());
    const int64_t room = std::min(cache.capacity(), options.positions) - cache.length();
    if (count > room) {
      throw Error("generate.context",
                  std::to_string(cache.length()) + " tokens are in the context and " + std::to_string(count) +
                      " more do not fit; it holds " + std::to_string(std::min(cache.capacity(), options.positions)),
                  "Start a new conversation, shorten the text or choose a longer context.");
    }
    for (const int32_t token : tokens) {
      if (token < 0 || token >= config.vocabulary) {
        throw Error("generate.token", "token " + std::to_string(token) + " is outside the vocabulary of " +
                                          std::to_string(config.vocabulary));
      }
    }
  }

  /// Runs up to a chunk of tokens; the normalised result is in the first rows of `x`.
  Tensor run_chunk(std::span<const int32_t> tokens, KvCache& cache, const AdapterSet* adapters) {
    const auto n = static_cast<int64_t>(tokens.size());
    const int64_t past = cache.length();
    for (int64_t i = 0; i < n; ++i) host_positions[static_cast<size_t>(i)] = static_cast<int32_t>(past + i);
    const Tensor chunk_ids = ids.slice_rows(0, n);
    backend.upload(chunk_ids, tokens.data());
    backend.upload(positions.slice_rows(0, n), host_positions.data());
    if (config.local_layers > 0) {
      for (auto& position : host_positions) position = window_start(position, 0, config.window);
      backend.upload(window_begin.slice_rows(0, n), host_positions.data());
    }

    const Tensor rows = x.slice_rows(0, n);
    backend.run(ops::Embedding{
        .ids = chunk_ids, .table = weights.embedding, .y = rows, .scale = config.embedding_scale});
    BlockState view = first_rows(state, n);
    view.middle = rows;
    const BlockScratch buffers = first_rows(scratch, n);
    for (int64_t layer = 0; layer < config.layers; ++layer) {
      if (config.is_convolution(layer)) {
        view.history = cache.history(layer).slice_rows(0, past + n);
      } else {
        view.keys = cache.keys(layer).slice_rows(0, past + n);
        view.values = cache.values(layer).slice_rows(0, past + n);
        const bool in_place = view.keys.dtype == DType::F32;
        view.k = in_place ? view.keys.slice_rows(past, n) : row_keys.slice_rows(0, n);
        view.v = in_place ? view.values.slice_rows(past, n) : row_values.slice_rows(0, n);
      }
      const BlockContext context{.backend = backend,
                                 .config = config,
                                 .weights = weights.layers[static_cast<size_t>(layer)],
                                 .layer = layer,
                                 .activations = options.activations,
                                 .rope = ropes.of(config, layer),
                                 .positions = positions.slice_rows(0, n),
                                 .key_begin = (config.is_local(layer) ? window_begin : key_begin).slice_rows(0, n),
                                 .past = past,
                                 .loras = adapters ? adapters->layer(layer, n)
                                                   : std::array<std::vector<LoraUse>, kProjections>{}};
      forward_block(context, view, buffers, rows, rows);
    }
    backend.run(ops::RmsNorm{.x = rows, .w = weights.output_norm, .y = rows, .epsilon = config.epsilon});
    cache.advance(n);
    return rows;
  }

  /// Runs one token of every turn; the normalised result is in the first rows of `x`.
  Tensor run_turns(std::span<const DecoderTurn> turns) {
    const auto n = static_cast<int64_t>(turns.size());
    std::vector<int32_t> tokens;
    for (size_t i = 0; i < turns.size(); ++i) {
      tokens.push_back(turns[i].token);
      host_positions[i] = static_cast<int32_t>(turns[i].cache->length());
    }
    const Tensor turn_ids = ids.slice_rows(0, n);
    backend.upload(turn_ids, tokens.data());
    backend.upload(positions.slice_rows(0, n), host_positions.data());
    if (config.local_layers > 0) {
      for (auto& position : host_positions) position = window_start(position, 0, config.window);
      backend.upload(window_begin.slice_rows(0, n), host_positions.data());
    }
    const Tensor rows = x.slice_rows(0, n);
    backend.run(ops::Embedding{
        .ids = turn_ids, .table = weights.embedding, .y = rows, .scale = config.embedding_scale});
    BlockState view = first_rows(state, n);
    view.middle = rows;
    view.k = row_keys.slice_rows(0, n);
    view.v = row_values.slice_rows(0, n);
    const BlockScratch buffers = first_rows(scratch, n);
    std::vector<OneRow> sequences(turns.size());
    for (int64_t layer = 0; layer < config.layers; ++layer) {
      BlockContext context{.backend = backend,
                           .config = config,
                           .weights = weights.layers[static_cast<size_t>(layer)],
                           .layer = layer,
                           .activations = options.activations,
                           .rope = ropes.of(config, layer),
                           .positions = positions.slice_rows(0, n),
                           .key_begin = (config.is_local(layer) ? window_begin : key_begin).slice_rows(0, n)};
      for (size_t i = 0; i < turns.size(); ++i) {
        const KvCache& cache = *turns[i].cache;
        const int64_t past = cache.length();
        const auto so_far = [past](const Tensor& t) { return t.slice_rows(0, past + 1); };
        sequences[i] = config.is_convolution(layer)
                           ? OneRow{.keys = {}, .values = {}, .history = so_far(cache.history(layer)), .past = past}
                           : OneRow{so_far(cache.keys(layer)), so_far(cache.values(layer)), {}, past};
        if (turns[i].adapters.empty()) continue;
        auto uses = prepared[i].set->layer(layer, 1);
        for (size_t projection = 0; projection < kProjections; ++projection) {
          for (LoraUse& use : uses[projection]) {
            use.first_row = static_cast<int64_t>(i);
            use.rows = 1;
            context.loras[projection].push_back(use);
          }
        }
      }
      context.sequences = sequences;
      forward_block(context, view, buffers, rows, rows);
    }
    backend.run(ops::RmsNorm{.x = rows, .w = weights.output_norm, .y = rows, .epsilon = config.epsilon});
    for (const auto& turn : turns) turn.cache->advance(1);
    return rows;
  }

  /// Adds what adapters on the head make of normalised rows to their logits.
  void adapt_head(const Tensor& rows, std::span<const ActiveAdapter> active, const Tensor& result) {
    for (const auto& each : active) {
      const LoraPair* pair = each.adapter->head();
      if (!pair) continue;
      Tensor u = scratch.normalised;  // free here
      ensure(pair->rank() * rows.rows <= u.elements(), "the rank of a head adapter is above the model's width");
      u.rows = rows.rows;
      u.columns = u.stride = pair->rank();
      backend.run(ops::Lora{.x = rows,
                            .a = pair->a,
                            .b = pair->b,
                            .u = u,
                            .y = result,
                            .scale = each.adapter->scale(*pair, each.strength),
                            .dropout = {}});
    }
  }

  /// Logits of up to kHeadRows normalised rows, on the host at `out`.
  void head(const Tensor& rows, std::span<const ActiveAdapter> active, float* out) {
    const Tensor result = logits.slice_rows(0, rows.rows);
    backend.run(ops::Linear{.x = rows, .w = weights.head.weight, .y = result});
    adapt_head(rows, active, result);
    backend.download(result, out);
  }

  /// Buffers for the adapters of a sequence; most calls use those of the last one.
  struct Prepared {
    AdapterKey key;
    std::optional<Arena> arena;
    std::optional<AdapterSet> set;
  };
  std::vector<Prepared> prepared{1};  ///< by turn

  const AdapterSet* prepare(size_t turn, std::span<const ActiveAdapter> active, int64_t rows) {
    if (active.empty()) return nullptr;
    if (prepared.size() <= turn) prepared.resize(turn + 1);
    Prepared& slot = prepared[turn];
    AdapterKey key = key_of(active);
    key.emplace_back(static_cast<uint64_t>(rows), 0.0f);
    if (!slot.set || key != slot.key) {
      slot.set.reset();
      slot.arena.emplace(backend);
      slot.set.emplace(*slot.arena, config, active, rows);
      slot.key = std::move(key);
    }
    return &*slot.set;
  }
};

Decoder::Decoder(Backend& backend, const ModelConfig& config, const ModelWeights& weights,
                 const DecoderOptions& options)
    : impl_(std::make_unique<Impl>(backend, config, weights, options)) {}

Decoder::~Decoder() = default;

std::span<const float> Decoder::next_logits(std::span<const int32_t> tokens, KvCache& cache,
                                            std::span<const ActiveAdapter> adapters) {
  ensure(!tokens.empty(), "no tokens to run");
  impl_->check(tokens, cache);
  const AdapterSet* set = impl_->prepare(0, adapters, impl_->options.chunk);
  const auto chunk = static_cast<size_t>(impl_->options.chunk);
  Tensor last;
  for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
    const Tensor rows = impl_->run_chunk(tokens.subspan(begin, std::min(chunk, tokens.size() - begin)), cache, set);
    last = rows.slice_rows(rows.rows - 1, 1);
  }
  impl_->host_logits.resize(static_cast<size_t>(impl_->config.vocabulary));
  impl_->head(last, adapters, impl_->host_logits.data());
  return impl_->host_logits;
}

std::span<const float> Decoder::next_logits(std::span<const DecoderTurn> turns) {
  ensure(!turns.empty() && static_cast<int64_t>(turns.size()) <= std::min(impl_->options.chunk, kHeadRows),
         "no turns to run, or too many");
  for (size_t i = 0; i < turns.size(); ++i) {
    impl_->check({&turns[i].token, 1}, *turns[i].cache);
    impl_->prepare(i, turns[i].adapters, 1);
  }
  const Tensor rows = impl_->run_turns(turns);
  const Tensor result = impl_->logits.slice_rows(0, rows.rows);
  impl_->backend.run(ops::Linear{.x = rows, .w = impl_->weights.head.weight, .y = result});
  for (size_t i = 0; i < turns.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    impl_->adapt_head(rows.slice_rows(row, 1), turns[i].adapters, result.slice_rows(row, 1));
  }
  impl_->host_logits.resize(static_cast<size_t>(result.elements()));
  impl_->backend.download(result, impl_->host_logits.data());
  return impl_->host_logits;
}

std::vector<float> Decoder::all_logits(std::span<const int32_t> tokens, KvCache& cache,
                                       std::span<const ActiveAdapter> adapters) {
  impl_->check(tokens, cache);
  const AdapterSet* set = impl_->prepare(0, adapters, impl_->options.chunk);
  const auto vocabulary = static_cast<size_t>(impl_->config.vocabulary);
  const auto chunk = static_cast<size_t>(impl_->options.chunk);
  std::vector<float> result(tokens.size() * vocabulary);
  for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
    const Tensor rows = impl_->run_chunk(tokens.subspan(begin, std::min(chunk, tokens.size() - begin)), cache, set);
    for (int64_t row = 0; row < rows.rows; row += kHeadRows) {
      const int64_t count = std::min(kHeadRows, rows.rows - row);
      impl_->head(rows.slice_rows(row, count), adapters,
                  result.data() + (begin + static_cast<size_t>(row)) * vocabulary);
    }
  }
  return result;
}

}  // namespace hone
