#include "gguf/metadata.h"

#include "support/test.h"

#include <vector>

using namespace hone;

TEST("integers of any stored width are counts when they fit") {
  Metadata metadata("test.gguf");
  metadata.set("u32", uint32_t{7});
  metadata.set("i64", int64_t{-7});
  metadata.set("u64", ~uint64_t{0});
  metadata.set("f32", 7.0f);
  CHECK_EQUAL(metadata.require_integer("u32"), 7);
  CHECK_EQUAL(metadata.require_integer("i64"), -7);
  CHECK_EQUAL(metadata.integer("absent", 5), 5);
  CHECK(!metadata.find_integer("absent"));
  CHECK_ERROR("metadata.type", metadata.require_integer("u64"));
  CHECK_ERROR("metadata.type", metadata.require_integer("f32"));
  CHECK_ERROR("metadata.missing", metadata.require_integer("absent"));
}

TEST("an error names the file, the key and both types") {
  Metadata metadata("test.gguf");
  metadata.set("llama.block_count", std::string("12"));
  std::string message;
  try {
    metadata.require_integer("llama.block_count");
  } catch (const Error& error) {
    message = error.what();
  }
  CHECK_EQUAL(message, "test.gguf: the key \"llama.block_count\" holds string, expected an integer");
}

TEST("reals accept any number, strings and bools only themselves") {
  Metadata metadata;
  metadata.set("f64", 0.5);
  metadata.set("u8", uint8_t{3});
  metadata.set("text", std::string("x"));
  metadata.set("yes", true);
  CHECK_EQUAL(metadata.require_real("f64"), 0.5);
  CHECK_EQUAL(metadata.require_real("u8"), 3.0);
  CHECK_ERROR("metadata.type", metadata.require_real("yes"));
  CHECK_ERROR("metadata.type", metadata.require_boolean("u8"));
  CHECK_EQUAL(metadata.string("absent", "default"), "default");
  CHECK_EQUAL(metadata.require_string("text"), "x");
}

TEST("arrays are converted and wrong elements are refused") {
  Metadata metadata;
  metadata.set("types", MetadataArray(std::vector<int32_t>{1, 3}));
  metadata.set("scores", MetadataArray(std::vector<float>{0.5f}));
  metadata.set("flags", MetadataArray(std::vector<Bool>{Bool::yes}));
  CHECK(*metadata.find_integers("types") == (std::vector<int64_t>{1, 3}));
  CHECK(*metadata.find_reals("types") == (std::vector<float>{1, 3}));
  CHECK(*metadata.find_booleans("flags") == std::vector<bool>{true});
  CHECK_ERROR("metadata.type", metadata.find_integers("scores"));
  CHECK_ERROR("metadata.type", metadata.find_integers("flags"));
  CHECK_ERROR("metadata.type", metadata.find_strings("types"));
}

TEST("setting a key again keeps its place") {
  Metadata metadata;
  metadata.set("a", uint32_t{1});
  metadata.set("b", uint32_t{2});
  metadata.set("a", uint32_t{3});
  CHECK_EQUAL(metadata.entries().size(), 2u);
  CHECK_EQUAL(metadata.entries()[0].first, "a");
  metadata.erase("a");
  CHECK(!metadata.contains("a"));
  CHECK_EQUAL(metadata.require_integer("b"), 2);
}
