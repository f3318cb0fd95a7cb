#include "model/tokenizer/tokenizer.h"

#include "gguf/reader.h"
#include "support/json.h"

using namespace hone;
using namespace hone::test;

namespace {

std::unique_ptr<Tokenizer> open_tokenizer(const std::string& name) {
  return Tokenizer::from_metadata(GgufFile::open(fixture("tokenizers/" + name + ".gguf"))->metadata());
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

/// What the reference does to shown text; Hone keeps the spaces.
std::string clean_spaces(std::string text) {
  for (const char* mark : {"?", "!", ".", ","}) replace_all(text, std::string(" ") + mark, mark);
  replace_all(text, " ' ", "'");
  for (const char* ending : {"s", "m", "re", "ve"}) replace_all(text, std::string(" '") + ending, std::string("'") + ending);
  return text;
}

std::string listed(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) text += std::to_string(id) + " ";
  return text;
}

}  // namespace

TEST("ids and texts equal those of the reference for every vocabulary") {
  const Json all = read_json(fixture("tokenizer_cases.json"));
  int count = 0;
  for (const auto& [name, vocabulary] : all.members()) {
    const auto tokenizer = open_tokenizer(name);
    for (const Json& item : vocabulary["cases"].items()) {
      const std::string& text = item["text"].text();
      const auto ids = tokenizer->encode(text, item["add_special"].boolean(), item["parse_special"].boolean());
      CHECK_EQUAL(name + " " + text + " " + listed(ids), name + " " + text + " " + listed(item["ids"].numbers<int32_t>()));

      std::string shown = tokenizer->decode(ids, true);
      if (tokenizer->cleans_spaces_elsewhere()) shown = clean_spaces(shown);
      CHECK_EQUAL(name + " " + shown, name + " " + decode_hex(item["detok_hex"].text()));
      ++count;
    }
  }
  CHECK_EQUAL(count, 615);
}
