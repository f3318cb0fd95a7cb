#include "model/merge/merge.h"

#include "core/error.h"
#include "core/mapped_file.h"
#include "gguf/reader.h"
#include "model/fixture_models.h"
#include "model/rewrite.h"
#include "quant/codec.h"
#include "train/every_model.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

using namespace hone;
using namespace hone::test;

namespace {

const std::atomic<bool> kNever = false;
const MergeProgress kSilent = [](uint64_t, uint64_t) {};

struct Merged {
  std::string path;
  MergePlan plan;
};

Merged merge(const Model& base, std::span<const ActiveAdapter> adapters, std::string_view target,
             EmbeddingChoice embedding = EmbeddingChoice::keep, unsigned threads = 2) {
  const MergeOptions options{.target = &find_merge_target(target), .embedding = embedding, .metadata = {}};
  Merged merged{temporary_folder() + "/merged.gguf", plan_merge(base, adapters, options)};
  write_merge(base, merged.plan, merged.path, threads, kSilent, kNever);
  return merged;
}

/// A base, its adapter and what they compute together, without rounding of activations.
struct Pair {
  std::unique_ptr<Backend> backend = make_cpu_backend(2);
  std::shared_ptr<const Model> base;
  LoadedAdapter loaded;
  std::vector<int32_t> tokens;
  std::vector<float> expected;

  Pair(const std::string& base_name, const std::string& adapter_name) {
    base = Model::load(model_fixture(base_name + ".gguf"), *backend);
    loaded = read_adapter(model_fixture(adapter_name + ".gguf"), base->config(), *backend);
    tokens = logit_cases()[base_name]["tokens"].numbers<int32_t>();
    expected = logits_of(*base, tokens, adapters(), ActivationMode::exact);
  }

  std::vector<ActiveAdapter> adapters(float strength = 1) const { return {{loaded.adapter.get(), strength}}; }

  double error(const std::string& path) const {
    const auto model = Model::load(path, *backend);
    return distance(logits_of(*model, tokens, {}, ActivationMode::exact), expected).square;
  }
  double effect() const { return distance(logits_of(*base, tokens, {}, ActivationMode::exact), expected).square; }
};

std::vector<std::byte> bytes_of(const std::string& path) {
  const auto file = MappedFile::open(path);
  return {file->bytes().begin(), file->bytes().end()};
}

}  // namespace

TEST("merged into F32 a model computes what base and adapter do, for every fixture adapter and at half strength") {
  for (const auto& [base, adapter] : {std::pair{"llama-f16", "lora-llama-f16"}, {"llama-q4_k", "lora-llama-q4_k"},
                                      {"qwen3-q8_0", "lora-qwen3-q8_0"}, {"qwen3-q8_0", "lora-qwen3-normpair"},
                                      {"bitnet-tq2_0", "lora-bitnet-tq2_0"}}) {
    const Pair pair(base, adapter);
    CHECK_AT_MOST(pair.error(merge(*pair.base, pair.adapters(), "f32").path), 1e-9);
    const auto half = pair.adapters(0.5f);
    const auto expected = read_npy(model_fixture(std::string(adapter) + ".half.exact.npy")).values;
    const auto model = Model::load(merge(*pair.base, half, "f32").path, *pair.backend);
    CHECK_AT_MOST(distance(logits_of(*model, pair.tokens, {}, ActivationMode::exact), expected).square, 1e-9);
  }
}

TEST("the errors of merging a ternary model are those of the specification") {
  // The specification measured with an adapter whose effect was 0.057, which is this one at a tenth of its strength.
  Pair pair("bitnet-tq2_0", "lora-bitnet-tq2_0");
  const auto tenth = pair.adapters(0.1f);
  pair.expected = logits_of(*pair.base, pair.tokens, tenth, ActivationMode::exact);
  const double effect = pair.effect();
  char text[100];
  std::snprintf(text, sizeof(text), "%-8s %-10s %s", "type", "error", "bytes");
  report(text);
  const auto error = [&](const char* target) {
    const Merged merged = merge(*pair.base, tenth, target);
    const double found = pair.error(merged.path);
    std::snprintf(text, sizeof(text), "%-8s %-10.5f %llu", target, found,
                  static_cast<unsigned long long>(merged.plan.file_bytes));
    report(text);
    return found;
  };
  std::snprintf(text, sizeof(text), "the adapter itself: %.4f", effect);
  report(text);
  CHECK_AT_MOST(std::abs(effect - 0.057), 0.001);
  CHECK_AT_MOST(error("f16"), 5e-5);
  CHECK_AT_MOST(error("q8_0"), 2.5e-4);
  CHECK_AT_MOST(std::abs(error("q4_0") - 0.067), 0.002);
  CHECK_AT_MOST(std::abs(error("tq2_0") - 0.106), 0.002);
}

TEST("every target can be written and read from every architecture, and is as large as planned") {
  const auto backend = make_cpu_backend(2);
  char text[300];
  std::string head = "model               ";
  for (const MergeTarget& target : merge_targets()) {
    std::snprintf(text, sizeof(text), " %-8s", std::string(target.name).c_str());
    head += text;
  }
  report(head);
  for (const auto& [name, layers] : kEveryModel) {
    Learning task(*backend, name);
    const std::vector<ActiveAdapter> adapters = {{task.adapter.get(), 1}};
    const auto tokens = every_model_tokens(name);
    const auto expected = logits_of(*task.model, tokens, adapters, ActivationMode::exact);
    std::snprintf(text, sizeof(text), "%-20s", name);
    std::string line = text;
    for (const MergeTarget& target : merge_targets()) {
      const Merged merged = merge(*task.model, adapters, target.name);
      CHECK_EQUAL(std::filesystem::file_size(merged.path), merged.plan.file_bytes);
      const auto model = Model::load(merged.path, *backend);
      const double error = distance(logits_of(*model, tokens, {}, ActivationMode::exact), expected).square;
      std::snprintf(text, sizeof(text), " %-8.1e", error);
      line += text;
      if (target.name == "f32") CHECK_AT_MOST(error, 1e-8);
      if (target.name == "f16") CHECK_AT_MOST(error, 1e-5);
      if (target.name == "bf16") CHECK_AT_MOST(error, 1e-3);
      if (target.name == "q8_0") CHECK_AT_MOST(error, 2e-3);
    }
    report(line);
  }
}

TEST("a merged file has the same bytes whatever the number of threads") {
  const Pair pair("llama-q4_k", "lora-llama-q4_k");
  const auto one = merge(*pair.base, pair.adapters(), "q4_k_m", EmbeddingChoice::keep, 1);
  const auto three = merge(*pair.base, pair.adapters(), "q4_k_m", EmbeddingChoice::keep, 3);
  CHECK(bytes_of(one.path) == bytes_of(three.path));
}

TEST("what no adapter changes keeps its bytes where it is small, embedding and head unless they shall shrink") {
  const Pair pair("llama-q4_k", "lora-llama-q4_k");  // changes q and v only
  const auto bytes = [&](const std::string& path, const char* name) {
    const auto file = GgufFile::open(path);
    const auto data = file->data(file->require(name));
    return std::vector<std::byte>(data.begin(), data.end());
  };
  const std::string source = model_fixture("llama-q4_k.gguf");
  const std::string kept = merge(*pair.base, pair.adapters(), "q8_0").path;
  for (const char* name : {"blk.0.ffn_up.weight", "blk.1.attn_k.weight", "output.weight", "token_embd.weight",
                           "blk.0.attn_norm.weight"}) {
    CHECK(bytes(source, name) == bytes(kept, name));
  }
  CHECK(GgufFile::open(kept)->require("blk.0.attn_q.weight").dtype == DType::Q8_0);

  const Pair wide("llama-f16", "lora-llama-f16");
  const Merged plain = merge(*wide.base, wide.adapters(), "q4_0");
  const Merged small = merge(*wide.base, wide.adapters(), "q4_0", EmbeddingChoice::shrink);
  CHECK(GgufFile::open(plain.path)->require("token_embd.weight").dtype == DType::F16);
  CHECK(GgufFile::open(small.path)->require("token_embd.weight").dtype == DType::Q6_K);  // it is the head as well
  CHECK(small.plan.file_bytes < plain.plan.file_bytes);
}

TEST("a mix gives attn_v and ffn_down of the outer and every third layer its better type") {
  const MergeTarget& mix = find_merge_target("q4_k_m");
  const auto dtype = [&](const char* name, int64_t layers) {
    return merged_dtype(mix, make_tensor_info(name, DType::F16, {256, 512}), {.layers = layers, .tied_head = false});
  };
  CHECK(dtype("blk.0.attn_v.weight", 16) == DType::Q6_K);
  CHECK(dtype("blk.2.ffn_down.weight", 16) == DType::Q4_K);
  CHECK(dtype("blk.4.ffn_down.weight", 16) == DType::Q6_K);
  CHECK(dtype("blk.15.attn_v.weight", 16) == DType::Q6_K);
  CHECK(dtype("blk.4.ffn_up.weight", 16) == DType::Q4_K);
  CHECK(dtype("blk.4.attn_qkv.weight", 16) == DType::Q5_K);
  CHECK(dtype("output.weight", 16) == DType::Q6_K);
  CHECK(dtype("token_embd.weight", 16) == DType::Q4_K);
}

TEST("rows that are no whole blocks take the next type that fits, and the plan says so") {
  const auto dtype = [](const char* target, int64_t columns) {
    const TensorInfo info = make_tensor_info("blk.0.attn_q.weight", DType::F32, {columns, 8});
    return merged_dtype(find_merge_target(target), info, {.layers = 1, .tied_head = true});
  };
  CHECK(dtype("q4_k_m", 288) == DType::Q5_0);
  CHECK(dtype("q5_k_s", 288) == DType::Q5_1);
  CHECK(dtype("q6_k", 288) == DType::Q8_0);
  CHECK(dtype("q2_k", 288) == DType::Q4_0);
  CHECK(dtype("q3_k_s", 96) == DType::Q4_0);
  CHECK(dtype("q4_0", 100) == DType::F16);
  CHECK(dtype("q8_0", 33) == DType::F16);

  const Pair pair("qwen3-q8_0", "lora-qwen3-q8_0");
  const MergeOptions options{.target = &find_merge_target("q4_k_m"), .metadata = {}};
  const MergePlan plan = plan_merge(*pair.base, pair.adapters(), options);
  CHECK_EQUAL(plan.notes.size(), 1u);
  CHECK(plan.notes.front().find("are stored as Q5_0: rows of 384 weights are no whole blocks of Q4_K") !=
        std::string::npos);
}

TEST("a merged file keeps tokenizer, template and names, and states its type, its base and its activation") {
  const Pair pair("bitnet-tq2_0", "lora-bitnet-tq2_0");
  const MergeOptions options{.target = &find_merge_target("q8_0"),
                             .metadata = {{"general.name", "Merged"}, {"general.base_model.0.name", "Base"}}};
  const MergePlan plan = plan_merge(*pair.base, pair.adapters(), options);
  const Metadata& before = pair.base->file().metadata();
  for (const auto& [key, value] : before.entries()) {
    if (key == "general.name" || key == "general.file_type") continue;
    CHECK(plan.metadata.find(key) && *plan.metadata.find(key) == value);
  }
  CHECK_EQUAL(plan.metadata.require_string("general.name"), "Merged");
  CHECK_EQUAL(plan.metadata.require_string("general.base_model.0.name"), "Base");
  CHECK(*plan.metadata.find("general.base_model.count") == MetadataValue(uint32_t{1}));
  CHECK(*plan.metadata.find("general.file_type") == MetadataValue(uint32_t{7}));
  CHECK_EQUAL(plan.metadata.require_string("bitnet.hidden_activation"), "silu");
  CHECK_ERROR("adapter.metadata",
              plan_merge(*pair.base, pair.adapters(),
                         {.target = options.target, .metadata = {{"general.architecture", "llama"}}}));

  const auto backend = make_cpu_backend(1);
  const auto squared = Model::load(model_fixture("bitnet158-i2_s.gguf"), *backend);
  CHECK_EQUAL(plan_merge(*squared, {}, options).metadata.require_string("bitnet-b1.58.hidden_activation"), "relu2");
  const auto other = Model::load(model_fixture("bitnet-tq2_0.gguf"), *backend,
                                 {.activation = ops::ActivationKind::relu2});
  CHECK_EQUAL(plan_merge(*other, {}, options).metadata.require_string("bitnet.hidden_activation"), "relu2");
}

TEST("a merge that is stopped or spoilt leaves nothing behind") {
  const Pair pair("llama-f16", "lora-llama-f16");
  const std::string folder = temporary_folder();
  const auto write = [&](const MergePlan& plan, const std::atomic<bool>& stop) {
    write_merge(*pair.base, plan, folder + "/merged.gguf", 2, kSilent, stop);
    return 0;
  };
  const MergeOptions half{.target = &find_merge_target("f16"), .metadata = {}};
  const std::atomic<bool> stop = true;
  CHECK_ERROR("merge.stopped", write(plan_merge(*pair.base, pair.adapters(), half), stop));
  CHECK_ERROR("merge.overflow", write(plan_merge(*pair.base, pair.adapters(1e9f), half), kNever));
  CHECK_ERROR("merge.not-finite", write(plan_merge(*pair.base, pair.adapters(3e38f), half), kNever));
  CHECK(std::filesystem::is_empty(folder));
}

TEST("several adapters add up, and one that is off changes nothing") {
  const Pair pair("llama-f16", "lora-llama-f16");
  const std::vector<ActiveAdapter> twice = {{pair.loaded.adapter.get(), 0.75f}, {pair.loaded.adapter.get(), 0.25f}};
  CHECK_AT_MOST(pair.error(merge(*pair.base, twice, "f32").path), 1e-9);
  const MergeOptions options{.target = &find_merge_target("f16"), .metadata = {}};
  for (const auto& tensor : plan_merge(*pair.base, pair.adapters(0), options).tensors) CHECK(tensor.pairs.empty());
}

TEST("a plan can be made before there is an adapter, and is that of one on every matrix") {
  const auto backend = make_cpu_backend(1);
  for (const char* name : {"llama-q4_k", "bitnet-tq2_0", "fused-phi-q8_0", "lfm2-q8_0"}) {
    Learning task(*backend, name);
    const std::vector<ActiveAdapter> adapters = {{task.adapter.get(), 1}};
    for (const MergeTarget& target : merge_targets()) {
      MergeOptions options{.target = &target, .metadata = {}};
      const uint64_t bytes = plan_merge(*task.model, adapters, options).file_bytes;
      options.assume_changed = true;
      CHECK_EQUAL(plan_merge(*task.model, {}, options).file_bytes, bytes);
    }
  }
}

TEST("a split base becomes one file") {
  const auto backend = make_cpu_backend(2);
  const auto split = Model::load(fixture("split/llama-q4_0-00001-of-00003.gguf"), *backend);
  const auto whole = Model::load(model_fixture("llama-q4_0.gguf"), *backend);
  CHECK(bytes_of(merge(*split, {}, "q8_0").path) == bytes_of(merge(*whole, {}, "q8_0").path));
}

TEST("an unknown target is refused with the names there are") {
  CHECK_ERROR("merge.type", find_merge_target("q9_k"));
}
