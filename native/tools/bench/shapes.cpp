#include "tools/bench/shapes.h"

#include "core/error.h"
#include "core/random.h"
#include "gguf/writer.h"
#include "model/projection.h"
#include "quant/codec.h"

#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

namespace hone::bench {
namespace {

// name, architecture, types of matrices and embedding, D, L, H, G, d, F, V, sub norms, head norms
constexpr Shape kShapes[] = {
    {"bitnet-0.7b", "bitnet", DType::TQ2_0, DType::F16, 1536, 24, 16, 16, 96, 4096, 32002, true, false},
    {"bitnet-2b-4t", "bitnet-b1.58", DType::TQ2_0, DType::F16, 2560, 30, 20, 5, 128, 6912, 128256, true, false},
    {"bitnet-13b", "bitnet", DType::TQ2_0, DType::F16, 5120, 40, 40, 40, 128, 13824, 32002, true, false},
    {"qwen3-0.6b-q8_0", "qwen3", DType::Q8_0, DType::Q8_0, 1024, 28, 16, 8, 128, 3072, 151936, false, true},
    {"qwen3-0.6b-q4_0", "qwen3", DType::Q4_0, DType::Q6_K, 1024, 28, 16, 8, 128, 3072, 151936, false, true},
    {"bitnet-70m", "bitnet", DType::TQ2_0, DType::F16, 768, 12, 12, 12, 64, 2048, 32002, true, false},
    {"smollm2-135m", "llama", DType::Q8_0, DType::Q8_0, 576, 30, 9, 3, 64, 1536, 49152, false, false},
    {"llama-3.2-1b", "llama", DType::Q8_0, DType::Q8_0, 2048, 16, 32, 8, 64, 8192, 128256, false, false},
};

/// A matrix repeats so many random rows, drawn at random: encoding every row would take minutes.
constexpr int64_t kDistinctRows = 64;

class RowPool {
 public:
  RowPool(DType dtype, int64_t columns)
      : row_bytes_(matrix_bytes(dtype, 1, columns)), bytes_(row_bytes_ * kDistinctRows) {
    // Sizes that keep activations near 1 through the layers.
    const float size = 1 / std::sqrt(static_cast<float>(columns));
    std::vector<float> row(static_cast<size_t>(columns));
    for (int64_t r = 0; r < kDistinctRows; ++r) {
      for (int64_t i = 0; i < columns; ++i) {
        const float uniform = 2 * random_uniform(1, static_cast<uint64_t>(r * columns + i)) - 1;
        row[static_cast<size_t>(i)] = size * (is_ternary(dtype) ? std::round(1.5f * uniform) : uniform);
      }
      encode_row(dtype, row.data(), bytes_.data() + static_cast<size_t>(r) * row_bytes_, columns);
    }
  }

  std::span<const std::byte> row(uint64_t number) const {
    return {bytes_.data() + random_bits(2, number) % kDistinctRows * row_bytes_, row_bytes_};
  }

 private:
  size_t row_bytes_;
  std::vector<std::byte> bytes_;
};

/// One token for every word "wN" and for every byte, so that other engines can be given a text of a known length.
void add_tokenizer(Metadata& metadata, int64_t vocabulary) {
  std::vector<std::string> tokens{"<unk>", "<s>", "</s>"};
  std::vector<int32_t> types{2, 3, 3};  // unknown, control
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    tokens.emplace_back(name);
    types.push_back(6);  // byte
  }
  // Every prefix of a word is a word as well, and shorter ones come first: merging letter by letter finds the longest.
  tokens.emplace_back("\u2581w");
  for (int64_t n = 0; static_cast<int64_t>(tokens.size()) < vocabulary; ++n) {
    tokens.push_back("\u2581w" + std::to_string(n));
  }
  types.resize(tokens.size(), 1);
  std::vector<float> scores(tokens.size());
  for (size_t i = 0; i < scores.size(); ++i) scores[i] = -static_cast<float>(i);
  metadata.set("tokenizer.ggml.model", std::string("llama"));
  metadata.set("tokenizer.ggml.tokens", MetadataArray(std::move(tokens)));
  metadata.set("tokenizer.ggml.scores", MetadataArray(std::move(scores)));
  metadata.set("tokenizer.ggml.token_type", MetadataArray(std::move(types)));
  metadata.set("tokenizer.ggml.bos_token_id", uint32_t{1});
  metadata.set("tokenizer.ggml.eos_token_id", uint32_t{2});
  metadata.set("tokenizer.ggml.unknown_token_id", uint32_t{0});
  metadata.set("tokenizer.ggml.add_bos_token", false);
  metadata.set("tokenizer.chat_template",
               std::string("{% for message in messages %}{{ message['content'] }}{% endfor %}"));
}

Metadata metadata_of(const Shape& s) {
  Metadata metadata;
  metadata.set("general.architecture", std::string(s.architecture));
  // What other engines call the kind of file; QVAC refuses ternary ones without it.
  const uint32_t file_type = s.matrices == DType::TQ2_0 ? 37 : s.matrices == DType::Q8_0 ? 7 : 2;
  metadata.set("general.file_type", file_type);
  metadata.set("general.name", std::string(s.name) + " with random weights");
  const auto set = [&](std::string_view key, MetadataValue value) {
    metadata.set(std::string(s.architecture) + "." + std::string(key), std::move(value));
  };
  const auto count = [](int64_t value) { return static_cast<uint32_t>(value); };
  set("block_count", count(s.layers));
  set("context_length", uint32_t{4096});
  set("embedding_length", count(s.dim));
  set("feed_forward_length", count(s.feed_forward));
  set("attention.head_count", count(s.heads));
  set("attention.head_count_kv", count(s.groups));
  set("attention.key_length", count(s.head_dim));
  set("attention.value_length", count(s.head_dim));
  set("attention.layer_norm_rms_epsilon", 1e-5f);
  set("rope.freq_base", 10000.0f);
  set("rope.dimension_count", count(s.head_dim));
  set("vocab_size", count(s.vocabulary));
  add_tokenizer(metadata, s.vocabulary);
  return metadata;
}

struct Planned {
  TensorInfo info;
  int64_t rows, columns;
};

std::vector<Planned> plan(const Shape& s) {
  std::vector<Planned> all;
  const auto matrix = [&](const std::string& name, DType dtype, int64_t rows, int64_t columns) {
    all.push_back({make_tensor_info(name, dtype, {columns, rows}), rows, columns});
  };
  const auto norm = [&](const std::string& name, int64_t n) {
    all.push_back({make_tensor_info(name, DType::F32, {n}), 1, n});
  };
  matrix("token_embd.weight", s.embedding, s.vocabulary, s.dim);
  for (int64_t layer = 0; layer < s.layers; ++layer) {
    const auto name = [layer](std::string_view rest) { return layer_tensor(layer, rest); };
    norm(name("attn_norm.weight"), s.dim);
    if (s.sub_norms) norm(name("attn_sub_norm.weight"), s.query_width());
    if (s.head_norms) {
      norm(name("attn_q_norm.weight"), s.head_dim);
      norm(name("attn_k_norm.weight"), s.head_dim);
    }
    norm(name("ffn_norm.weight"), s.dim);
    if (s.sub_norms) norm(name("ffn_sub_norm.weight"), s.feed_forward);
    matrix(name("attn_q.weight"), s.matrices, s.query_width(), s.dim);
    matrix(name("attn_k.weight"), s.matrices, s.key_width(), s.dim);
    matrix(name("attn_v.weight"), s.matrices, s.key_width(), s.dim);
    matrix(name("attn_output.weight"), s.matrices, s.dim, s.query_width());
    matrix(name("ffn_gate.weight"), s.matrices, s.feed_forward, s.dim);
    matrix(name("ffn_up.weight"), s.matrices, s.feed_forward, s.dim);
    matrix(name("ffn_down.weight"), s.matrices, s.dim, s.feed_forward);
  }
  norm("output_norm.weight", s.dim);
  return all;
}

}  // namespace

int64_t Shape::block_weights() const noexcept {
  return layers * dim * (2 * query_width() + 2 * key_width() + 3 * feed_forward);
}

size_t Shape::bytes_per_token() const noexcept {
  return matrix_bytes(matrices, 1, block_weights()) + matrix_bytes(embedding, vocabulary, dim);
}

std::span<const Shape> shapes() noexcept { return kShapes; }

const Shape& find_shape(std::string_view name) {
  std::string known;
  for (const Shape& shape : kShapes) {
    if (shape.name == name) return shape;
    if (!known.empty()) known += ", ";
    known += shape.name;
  }
  throw Error("usage", "there is no model \"" + std::string(name) + "\"", "There are " + known + ".");
}

void write_model(const Shape& shape, const std::string& path) {
  const auto planned = plan(shape);
  std::vector<TensorInfo> infos;
  for (const auto& tensor : planned) infos.push_back(tensor.info);
  GgufWriter writer(path, metadata_of(shape), std::move(infos));
  std::map<std::pair<DType, int64_t>, RowPool> pools;
  uint64_t number = 0;
  for (const auto& tensor : planned) {
    if (tensor.info.dtype == DType::F32) {
      const std::vector<float> ones(static_cast<size_t>(tensor.columns), 1.0f);
      writer.write(std::as_bytes(std::span(ones)));
      continue;
    }
    const auto key = std::pair(tensor.info.dtype, tensor.columns);
    const auto [pool, added] = pools.try_emplace(key, tensor.info.dtype, tensor.columns);
    for (int64_t r = 0; r < tensor.rows; ++r) writer.write(pool->second.row(number++));
  }
  writer.commit();
}

}  // namespace hone::bench
