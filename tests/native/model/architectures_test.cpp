#include "backend/weight_rows.h"
#include "core/random.h"
#include "model/fixture_models.h"
#include "model/rewrite.h"
#include "quant/codec.h"
#include "support/test.h"

#include <cstdio>
#include <cstring>

/// What architectures and files have beyond the plain block, and the adapters that go with it.
using namespace hone;
using namespace hone::test;

namespace {

std::vector<int32_t> tokens_of(const std::string& name) { return logit_cases()[name]["tokens"].numbers<int32_t>(); }

std::vector<float> exact_logits(const Model& model, const std::vector<int32_t>& tokens,
                                std::span<const ActiveAdapter> adapters = {}) {
  return logits_of(model, tokens, adapters, ActivationMode::exact);
}

/// An adapter on every matrix of a model, both halves random.
std::unique_ptr<LoraAdapter> random_adapter(const Model& model) {
  auto adapter = std::make_unique<LoraAdapter>(
      model.backend(), lora_shapes(model.config(), kPlainProjections, 4), 8.0f);
  std::vector<float> values(static_cast<size_t>(adapter->flat().elements()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = 0.2f * random_uniform(9, i) - 0.1f;
  model.backend().upload(adapter->flat(), values.data());
  return adapter;
}

std::vector<float> floats_of(const RewrittenTensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.info.elements()));
  decode_row(tensor.info.dtype, tensor.bytes.data(), values.data(), tensor.info.elements());
  return values;
}

void store(RewrittenTensor& tensor, DType dtype, const std::vector<float>& values) {
  const auto ne = tensor.info.ne;
  tensor.info = make_tensor_info(tensor.info.name, dtype, {ne[0], ne[1]});
  tensor.bytes.resize(tensor.info.bytes);
  encode_row(dtype, values.data(), tensor.bytes.data(), static_cast<int64_t>(values.size()));  // rows are whole blocks
}

/// W + scale · B A as float32, in the file.
void merge(Rewrite& file, const LoraAdapter& adapter) {
  for (const auto& pair : adapter.pairs()) {
    auto& tensor = file.tensor(pair.tensor_name());
    auto values = floats_of(tensor);
    const auto a = values_of(adapter.backend(), pair.a), b = values_of(adapter.backend(), pair.b);
    const auto rank = static_cast<size_t>(pair.rank()), inputs = static_cast<size_t>(pair.a.columns);
    for (size_t i = 0; i < values.size(); ++i) {
      double sum = 0;
      for (size_t r = 0; r < rank; ++r) {
        sum += static_cast<double>(b[i / inputs * rank + r]) * a[r * inputs + i % inputs];
      }
      values[i] += static_cast<float>(adapter.scale(pair) * sum);
    }
    store(tensor, DType::F32, values);
  }
}

double largest_difference(const std::vector<float>& found, const std::vector<float>& expected) {
  return distance(found, expected).largest;
}

}  // namespace

TEST("an adapter on every matrix gives the logits of the model it is merged into, in every architecture") {
  for (const auto& [label, backend] : all_backends()) {
    for (const auto* name : {"llama-q4_k", "qwen2-q5_k", "qwen3-q8_0", "smollm3-q8_0", "gemma3-q8_0", "fused-phi-q8_0",
                             "lfm2-q8_0", "bitnet-tq2_0", "bitnet-scale-tq2_0"}) {
      const std::string path = model_fixture(std::string(name) + ".gguf");
      const auto model = Model::load(path, *backend);
      const auto adapter = random_adapter(*model);
      const auto merged = Model::load(rewrite(path, [&](Rewrite& file) { merge(file, *adapter); }), *backend);
      const ActiveAdapter active{adapter.get(), 1};
      const auto tokens = tokens_of(name);
      const Distance d = distance(exact_logits(*model, tokens, {&active, 1}), exact_logits(*merged, tokens));
      char text[120];
      std::snprintf(text, sizeof(text), "%-20s %-9s mean square %.1e", name, label, d.square);
      report(text);
      CHECK_AT_MOST(d.square, 1e-9);
      CHECK(distance(exact_logits(*model, tokens), exact_logits(*merged, tokens)).square > 1e-3);
    }
  }
}

TEST("adapters are made on the matrices that a layer has, and are written and read under their names") {
  const auto backend = make_reference_backend();
  const auto names = [&](const std::string& model_name, std::span<const Projection> projections) {
    const auto model = Model::load(model_fixture(model_name), *backend);
    LoraAdapter adapter(*backend, lora_shapes(model->config(), projections, 2), 4);
    initialise_lora(adapter, 1);
    const std::string path = temporary_folder() + "/adapter.gguf";
    write_adapter(path, adapter, model->config().architecture, "Test", {});
    const auto back = read_adapter(path, model->config(), *backend);
    CHECK(values_of(*backend, back.adapter->flat()) == values_of(*backend, adapter.flat()));
    std::string all;
    for (const auto& pair : adapter.pairs()) {
      if (pair.layer > 1) continue;
      const std::string name = pair.tensor_name();  // "blk.0.attn_q.weight" -> "0.attn_q"
      if (!all.empty()) all += ' ';
      all += name.substr(4, name.size() - 11);
    }
    return all;
  };
  CHECK_EQUAL(names("fused-phi-q8_0.gguf", kPlainProjections),
              std::string("0.attn_qkv 0.attn_output 0.ffn_up 0.ffn_down 1.attn_qkv 1.attn_output 1.ffn_up 1.ffn_down"));
  CHECK_EQUAL(names("lfm2-q8_0.gguf", kPlainProjections),
              std::string("0.shortconv.in_proj 0.shortconv.out_proj 0.ffn_gate 0.ffn_up 0.ffn_down 1.attn_q 1.attn_k "
                          "1.attn_v 1.attn_output 1.ffn_gate 1.ffn_up 1.ffn_down"));
  const std::vector<Projection> some = {Projection::q, Projection::v, Projection::up};
  CHECK_EQUAL(names("fused-phi-q8_0.gguf", some), std::string("0.attn_qkv 0.ffn_up 1.attn_qkv 1.ffn_up"));
  CHECK_EQUAL(names("lfm2-q8_0.gguf", some),
              std::string("0.shortconv.in_proj 0.ffn_up 1.attn_q 1.attn_v 1.ffn_up"));
}

TEST("an adapter on a matrix that another kind of layer would have is refused") {
  const auto backend = make_reference_backend();
  const auto phi = Model::load(model_fixture("fused-phi-q8_0.gguf"), *backend);
  LoraAdapter adapter(*backend, {{0, Projection::q, 2, phi->config().dim, phi->config().query_width()}}, 4);
  const std::string path = temporary_folder() + "/adapter.gguf";
  write_adapter(path, adapter, "phi3", "Test", {});
  CHECK_ERROR("adapter.tensor", read_adapter(path, phi->config(), *backend));
}

TEST("beyond its original context a model turns by its long factors") {
  const auto backend = make_reference_backend();
  const auto tokens = tokens_of("fused-phi-q8_0");
  const auto logits = [&](const std::function<void(Rewrite&)>& change) {
    return exact_logits(*Model::load(rewrite(model_fixture("fused-phi-q8_0.gguf"), change), *backend), tokens);
  };
  const auto factors = [](float for_short, float for_long, uint32_t original) {
    return [=](Rewrite& file) {
      const int64_t pairs = 16;
      file.add("rope_factors_short.weight", {pairs}, for_short);
      file.add("rope_factors_long.weight", {pairs}, for_long);
      file.metadata.set("phi3.rope.scaling.original_context_length", original);
      file.metadata.set("phi3.rope.scaling.type", std::string("longrope"));
    };
  };
  const auto linear = [](float factor) {
    return [=](Rewrite& file) { file.metadata.set("phi3.rope.scaling.factor", factor); };
  };
  // `logits_of` has room for 64 tokens.
  CHECK_AT_MOST(largest_difference(logits(factors(1, 2, 64)), logits(linear(1))), 1e-5);
  CHECK_AT_MOST(largest_difference(logits(factors(1, 2, 63)), logits(linear(2))), 1e-5);
  CHECK_AT_MOST(largest_difference(logits(factors(2, 1, 64)), logits(linear(2))), 1e-5);
  CHECK(largest_difference(logits(linear(2)), logits(linear(1))) > 1e-2);
  CHECK_ERROR("model.tensor", logits([](Rewrite& file) { file.add("rope_factors_long.weight", {16}, 1); }));
  CHECK_ERROR("model.tensor", logits(factors(1, 0, 64)));
}

TEST("long and short factors turn a part of each head as computed elsewhere in float64") {
  const auto backend = make_cpu_backend(1);
  const auto model = Model::load(model_fixture("phi3-longrope.gguf"), *backend);
  for (const auto* name : {"phi3-longrope", "phi3-longrope-short"}) {
    const auto tokens = tokens_of(name);
    const auto room = static_cast<int64_t>(tokens.size());  // 24 and 14; its original context is 16
    Decoder decoder(*backend, model->config(), model->weights(),
                    {.positions = room, .activations = ActivationMode::exact});
    KvCache cache(*backend, model->config(), room);
    const Npy expected = read_npy(model_fixture(std::string(name) + ".exact.npy"));
    const Distance d = distance(decoder.all_logits(tokens, cache), expected.values);
    CHECK_AT_MOST(d.largest, 1e-4 * spread_of(expected.values));
  }
}

TEST("the largest gemma3 scales its attention by another length") {
  const auto config = [](uint32_t layers) {
    const auto path = rewrite(model_fixture("gemma3-q8_0.gguf"),
                              [=](Rewrite& file) { file.metadata.set("gemma3.block_count", layers); });
    return read_config(*GgufFile::open(path));
  };
  CHECK_AT_MOST(std::abs(config(7).attention_scale - 1 / std::sqrt(48.0f)), 1e-7f);
  CHECK_AT_MOST(std::abs(config(62).attention_scale - 1 / std::sqrt(128.0f / 4)), 1e-7f);
  CHECK(config(7).is_local(4) && !config(7).is_local(5) && config(7).is_local(6));
}

TEST("llama models may have biases on q, k, v and the output, each with its effect") {
  const auto backend = make_reference_backend();
  const auto tokens = tokens_of("llama-f32");
  const auto logits = [&](const std::function<void(Rewrite&)>& change) {
    return exact_logits(*Model::load(rewrite(model_fixture("llama-f32.gguf"), change), *backend), tokens);
  };
  const auto base = logits([](Rewrite&) {});
  for (const auto* name : {"q", "v", "output"}) {  // one on k alone shifts every score of a query alike
    const std::string matrix = std::string("blk.0.attn_") + name;
    const auto with = [&](float value) {
      return logits([&, value](Rewrite& file) {
        file.add(matrix + ".bias", {file.tensor(matrix + ".weight").info.ne[1]}, value);
      });
    };
    CHECK_AT_MOST(largest_difference(with(0), base), 1e-5);
    CHECK(largest_difference(with(0.5f), base) > 1e-3);
  }
  CHECK_ERROR("model.tensor", logits([](Rewrite& file) {
    file.add("blk.0.ffn_up.bias", {file.tensor("blk.0.ffn_up.weight").info.ne[1]});
  }));
}

TEST("a split model gives the logits of the whole one to the bit") {
  for (const auto& [label, backend] : all_backends()) {
    const auto whole = Model::load(model_fixture("llama-q4_0.gguf"), *backend);
    const auto split = Model::load(fixture("split/llama-q4_0-00001-of-00003.gguf"), *backend);
    CHECK(logits_of(*split, tokens_of("llama-q4_0")) == logits_of(*whole, tokens_of("llama-q4_0")));
  }
}

TEST("any mixture of types may be in one file") {
  const std::vector<std::pair<std::string, DType>> mixture = {
      {"token_embd.weight", DType::Q5_K},        {"output.weight", DType::F32},
      {"blk.0.attn_q.weight", DType::F16},       {"blk.0.attn_k.weight", DType::Q5_1},
      {"blk.0.attn_v.weight", DType::Q6_K},      {"blk.0.attn_output.weight", DType::Q8_0},
      {"blk.0.ffn_gate.weight", DType::Q2_K},    {"blk.0.ffn_up.weight", DType::BF16},
      {"blk.0.ffn_down.weight", DType::Q3_K},    {"blk.1.attn_q.weight", DType::TQ2_0},
      {"blk.1.attn_k.weight", DType::TQ1_0},     {"blk.1.ffn_gate.weight", DType::Q4_1},
      {"blk.1.attn_v.weight", DType::IQ4_NL}};
  const std::string source = model_fixture("llama-q4_k.gguf");
  const auto convert = [&](bool decoded) {
    return rewrite(source, [&, decoded](Rewrite& file) {
      for (const auto& [name, dtype] : mixture) {
        auto& tensor = file.tensor(name);
        // There is no encoder for IQ4_NL, but its blocks are laid out as those of Q4_0.
        store(tensor, dtype == DType::IQ4_NL ? DType::Q4_0 : dtype, floats_of(tensor));
        tensor.info.dtype = dtype;
        if (decoded) store(tensor, DType::F32, floats_of(tensor));
      }
    });
  };
  for (const auto& [label, backend] : all_backends()) {
    const auto mixed = Model::load(convert(false), *backend);
    const auto plain = Model::load(convert(true), *backend);
    const auto tokens = tokens_of("llama-q4_k");
    CHECK_AT_MOST(distance(exact_logits(*mixed, tokens), exact_logits(*plain, tokens)).square, 1e-10);
  }
}
