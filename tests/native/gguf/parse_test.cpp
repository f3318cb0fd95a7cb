#include "gguf/parse.h"

#include "core/random.h"
#include "support/damage.h"
#include "support/json.h"

#include <algorithm>
#include <chrono>

using namespace hone;
using namespace hone::test;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// Empty when the file is accepted, else the code of the refusal.
std::string verdict(const std::string& content) {
  try {
    parse_gguf(bytes_of(content), "test.gguf");
    return "";
  } catch (const Error& error) {
    CHECK(error.code().starts_with("gguf."));
    CHECK(std::string(error.what()).find("test.gguf") != std::string::npos);
    return error.code();
  }
}

std::string hostile(const std::string& name) { return read_bytes(fixture("hostile/" + name)); }

}  // namespace

TEST("every malformed file is refused and every odd but valid one is read") {
  const Json all = read_json(fixture("hostile/hostile.json"));
  for (const auto& [name, expected] : all.members()) {
    const std::string code = verdict(hostile(name));
    if (code.empty() != expected["accept"].boolean()) {
      fail(__FILE__, __LINE__, (name + ": " + expected["why"].text()).c_str(), code, expected["accept"].boolean());
    }
  }
  CHECK_EQUAL(all.members().size(), 56u);
}

TEST("mutated files get the verdict of the strict rules") {
  const Json all = read_json(fixture("hostile/fuzz.json"));
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string code = verdict(decode_base64(all[i]["data"].text()));
    if (code.empty() != all[i]["accept"].boolean()) {
      const std::string why = all[i]["why"].is_null() ? "sound" : all[i]["why"].text();
      const std::string what = "mutation " + std::to_string(i) + ": " + why;
      fail(__FILE__, __LINE__, what.c_str(), code, all[i]["accept"].boolean());
    }
  }
  CHECK_EQUAL(all.size(), 400u);
}

TEST("refusals say what is wrong") {
  CHECK_EQUAL(verdict(hostile("bad-magic.gguf")), "gguf.magic");
  CHECK_EQUAL(verdict(hostile("bad-version-1.gguf")), "gguf.version");
  CHECK_EQUAL(verdict(hostile("bad-big-endian.gguf")), "gguf.endian");
  CHECK_EQUAL(verdict(hostile("bad-truncated-header.gguf")), "gguf.truncated");
  CHECK_EQUAL(verdict(hostile("bad-data-truncated.gguf")), "gguf.truncated");
  CHECK_EQUAL(verdict(hostile("bad-tensor-count-huge.gguf")), "gguf.count");
  CHECK_EQUAL(verdict(hostile("bad-array-count-huge.gguf")), "gguf.array");
  CHECK_EQUAL(verdict(hostile("bad-array-nested-deep.gguf")), "gguf.type");
  CHECK_EQUAL(verdict(hostile("bad-bool-7.gguf")), "gguf.bool");
  CHECK_EQUAL(verdict(hostile("bad-duplicate-key.gguf")), "gguf.duplicate");
  CHECK_EQUAL(verdict(hostile("bad-duplicate-tensor.gguf")), "gguf.duplicate");
  CHECK_EQUAL(verdict(hostile("bad-alignment-3.gguf")), "gguf.alignment");
  CHECK_EQUAL(verdict(hostile("bad-type-4.gguf")), "gguf.dtype");
  CHECK_EQUAL(verdict(hostile("bad-row-not-block.gguf")), "gguf.shape");
  CHECK_EQUAL(verdict(hostile("bad-dim-overflow-bytes.gguf")), "gguf.shape");
  CHECK_EQUAL(verdict(hostile("bad-offset-gap.gguf")), "gguf.offset");
}

TEST("a model cut anywhere in its header is refused as truncated or inconsistent") {
  const std::string whole = hostile("ok-align-64.gguf");
  CHECK_EQUAL(verdict(whole), "");
  for (size_t size = 0; size < 100; ++size) CHECK(!verdict(whole.substr(0, size)).empty());
}

// Seeded, so that a failure can be repeated. Whatever the bytes, the parser accepts or throws Error; a crash, a
// hang or an out-of-bounds read (under the sanitizers) is the failure.
TEST("random damage never crashes the parser") {
  const std::vector<std::string> seeds = {
      hostile("ok-4d.gguf"),
      hostile("ok-align-64.gguf"),
      hostile("ok-one-tensor.gguf"),
      hostile("ok-empty-string-array.gguf"),
      hostile("bad-array-nested-deep.gguf").substr(0, 500),
      read_bytes(fixture("split/llama-q4_0-00001-of-00003.gguf")).substr(0, 20000),
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  int accepted = 0, round = 0;
  for (; round < 20000 && std::chrono::steady_clock::now() < end; ++round) {
    const auto key = static_cast<uint64_t>(round);
    const std::string content = damaged(seeds[random_bits(key, 1000) % seeds.size()], key);
    accepted += verdict(content).empty();
  }
  report(std::to_string(round) + " damaged files, " + std::to_string(accepted) + " still valid");
  CHECK(round > 1000);
}
