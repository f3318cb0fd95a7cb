#include "model/adapter_file.h"

#include "model/fixture_models.h"
#include "model/rewrite.h"
#include "quant/codec.h"
#include "support/test.h"

#include <limits>

using namespace hone;
using namespace hone::test;

namespace {

struct Base {
  std::unique_ptr<Backend> backend = make_reference_backend();
  std::shared_ptr<const Model> model = Model::load(model_fixture("llama-f16.gguf"), *backend);

  LoadedAdapter read(const std::string& path) const { return read_adapter(path, model->config(), *backend); }
  LoadedAdapter changed(const std::function<void(Rewrite&)>& change) const {
    return read(rewrite(model_fixture("lora-llama-f16.gguf"), change));
  }
};

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST("an adapter keeps every bit when it is written and read back") {
  const Base base;
  const auto original = base.read(model_fixture("lora-llama-f16.gguf"));
  CHECK_EQUAL(original.adapter->alpha(), 8.0f);
  const std::string path = temporary_folder() + "/copy.gguf";
  write_adapter(path, *original.adapter, "llama", "A copy",
                {{"general.base_model.0.name", "Base"}, {"hone.base.sha256", "abc"}});
  const auto copy = base.read(path);
  CHECK_EQUAL(copy.name, std::string("A copy"));
  CHECK(values_of(*base.backend, copy.adapter->flat()) == values_of(*base.backend, original.adapter->flat()));

  const auto file = GgufFile::open(path);
  std::vector<std::string> keys;
  for (const auto& [key, value] : file->metadata().entries()) keys.push_back(key);
  const std::vector<std::string> expected = {"general.architecture", "general.type",        "general.name",
                                             "adapter.type",         "adapter.lora.alpha",  "general.base_model.0.name",
                                             "hone.base.sha256"};
  CHECK(keys == expected);
  CHECK_EQUAL(file->tensors()[0].name, std::string("blk.0.attn_q.weight.lora_a"));
  CHECK_EQUAL(file->tensors()[1].name, std::string("blk.0.attn_q.weight.lora_b"));
  CHECK_EQUAL(file->tensors()[12].name, std::string("blk.0.ffn_down.weight.lora_a"));
  CHECK_EQUAL(type_text(*file->metadata().find("adapter.lora.alpha")), std::string("f32"));
}

TEST("adapters stored as F16, BF16 and Q8_0 are read") {
  const Base base;
  const auto original = base.read(model_fixture("lora-llama-f16.gguf"));
  const auto exact = values_of(*base.backend, original.adapter->pairs()[0].a);
  for (const auto& [type, tolerance] : {std::pair{DType::F16, 1e-3}, {DType::BF16, 1e-2}, {DType::Q8_0, 2e-2}}) {
    const auto stored = base.changed([&, type = type](Rewrite& file) {
      auto& a = file.tensor("blk.0.attn_q.weight.lora_a");  // rows of Q8_0 must be whole blocks: a, not b
      const int64_t columns = a.info.ne[0], rows = a.info.ne[1];
      a.info = make_tensor_info(a.info.name, type, {columns, rows});
      a.bytes.assign(a.info.bytes, std::byte{0});
      encode_row(type, exact.data(), a.bytes.data(), rows * columns);
    });
    const auto found = values_of(*base.backend, stored.adapter->pairs()[0].a);
    CHECK(found != exact);
    CHECK_AT_MOST(relative_error(found, exact), tolerance);
  }
  CHECK_ERROR("adapter.tensor", base.changed([](Rewrite& file) {
    auto& a = file.tensor("blk.0.attn_q.weight.lora_a");
    a.info = make_tensor_info(a.info.name, DType::Q4_0, {a.info.ne[0], a.info.ne[1]});
    a.bytes.assign(a.info.bytes, std::byte{0});
  }));
}

TEST("pairs on norms are dropped with a notice") {
  const auto backend = make_reference_backend();
  const auto model = Model::load(model_fixture("qwen3-q8_0.gguf"), *backend);
  const auto plain = read_adapter(model_fixture("lora-qwen3-q8_0.gguf"), model->config(), *backend);
  const auto dead = read_adapter(model_fixture("lora-qwen3-normpair.gguf"), model->config(), *backend);
  CHECK(plain.notices.empty());
  CHECK(!dead.notices.empty());
  CHECK(contains(dead.notices[0], "attn_q_norm"));
  CHECK_EQUAL(dead.adapter->pairs().size(), plain.adapter->pairs().size());
  CHECK_EQUAL(plain.adapter->scale(plain.adapter->pairs()[0], 0.5f), 0.5f);  // alpha 0: the strength alone
}

TEST("an adapter that does not belong to the model is refused by name and numbers") {
  const Base base;
  CHECK_ERROR("adapter.type", base.read(model_fixture("llama-f16.gguf")));
  CHECK_ERROR("adapter.architecture", base.read(model_fixture("lora-bitnet-tq2_0.gguf")));
  CHECK_ERROR("adapter.shape", base.read(model_fixture("lora-llama-q4_k.gguf")));
  CHECK_ERROR("adapter.missing-pair", base.changed([](Rewrite& file) { file.remove("blk.0.attn_k.weight.lora_b"); }));
  CHECK_ERROR("adapter.tensor", base.changed([](Rewrite& file) {
    file.tensor("blk.0.attn_k.weight.lora_b").info.name = "blk.77.attn_k.weight.lora_b";
    file.tensor("blk.0.attn_k.weight.lora_a").info.name = "blk.77.attn_k.weight.lora_a";
  }));
  CHECK_ERROR("adapter.tensor", base.changed([](Rewrite& file) { file.add("something.bias", {4}); }));
  CHECK_ERROR("adapter.empty", base.changed([](Rewrite& file) { file.tensors.clear(); }));
  CHECK_ERROR("adapter.unsupported", base.changed([](Rewrite& file) {
    file.metadata.set("adapter.alora.invocation_tokens", MetadataArray(std::vector<uint32_t>{1, 2}));
  }));
  CHECK_ERROR("adapter.type", base.changed([](Rewrite& file) {
    file.metadata.set("adapter.type", std::string("control"));
  }));

  const auto shape = message_of([&] { base.read(model_fixture("lora-llama-q4_k.gguf")); });
  CHECK(contains(shape, "blk.0.attn_v.weight") && contains(shape, "needs ["));
}

TEST("adapters on the embedding or on a tied output matrix are refused with the reason") {
  const Base base;
  for (const auto* name : {"token_embd.weight", "output.weight"}) {
    const auto read = [&] {
      base.changed([&](Rewrite& file) {
        file.add(std::string(name) + ".lora_a", {4, 4});
        file.add(std::string(name) + ".lora_b", {4, 4});
      });
    };
    CHECK_ERROR("adapter.tensor", (read(), 0));
    CHECK(contains(message_of(read), name));
  }
}

TEST("an adapter on the output matrix of an untied model changes the logits") {
  const auto backend = make_reference_backend();
  const auto model = Model::load(model_fixture("llama-q4_k.gguf"), *backend);
  const auto& config = model->config();
  CHECK(!config.tied_head);
  const std::string path = rewrite(model_fixture("lora-llama-q4_k.gguf"), [&](Rewrite& file) {
    file.tensors.clear();
    file.add("output.weight.lora_a", {config.dim, 2}, 0.5f);
    file.add("output.weight.lora_b", {2, config.vocabulary}, 0.25f);
    file.metadata.set("adapter.lora.alpha", 2.0f);
  });
  const auto loaded = read_adapter(path, config, *backend);
  const ActiveAdapter active{loaded.adapter.get(), 1};
  const std::vector<int32_t> tokens = {5, 9};
  const auto base = logits_of(*model, tokens), tuned = logits_of(*model, tokens, {&active, 1});
  // Every row of B is the same, so every logit of a token moves by the same amount.
  const float moved = tuned[0] - base[0];
  CHECK(moved != 0);
  for (size_t i = 0; i < static_cast<size_t>(config.vocabulary); ++i) {
    CHECK_AT_MOST(std::abs(tuned[i] - base[i] - moved), 1e-4f);
  }
}

TEST("an adapter that takes away what it learned says so") {
  const Base base;
  const auto plain = base.read(model_fixture("lora-llama-f16.gguf"));
  const std::string path = rewrite(model_fixture("lora-llama-f16.gguf"),
                                   [](Rewrite& file) { file.metadata.set("adapter.lora.alpha", -8.0f); });
  const auto turned = base.read(path);
  CHECK_EQUAL(turned.adapter->scale(turned.adapter->pairs()[0], 1), -plain.adapter->scale(plain.adapter->pairs()[0], 1));
  CHECK_EQUAL(turned.notices.size(), plain.notices.size() + 1);
  CHECK(contains(turned.notices.back(), "below 0"));
}

TEST("numbers that are not finite are refused with the tensor's name") {
  const Base base;
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK_ERROR("adapter.not-finite", base.changed([&](Rewrite& file) {
      std::memcpy(file.tensor("blk.1.ffn_up.weight.lora_b").bytes.data() + 8, &value, 4);
    }));
  }
  CHECK_ERROR("adapter.not-finite", base.changed([](Rewrite& file) {
    file.metadata.set("adapter.lora.alpha", std::numeric_limits<float>::infinity());
  }));
}
