#include "model/tokenizer/expressions.h"

#include "model/tokenizer/pre_tokenizer.h"
#include "model/tokenizer/utf8.h"
#include "support/test.h"

#include <initializer_list>
#include <string>

using namespace hone;

namespace {

/// The pieces of a text joined by "|".
std::string pieces(std::string_view pre, std::string_view text) {
  Characters characters;
  for (size_t at = 0; at < text.size();) {
    const auto decoded = utf8::decode(text.substr(at));
    characters.code.push_back(decoded.code);
    characters.kind.push_back(classify(decoded.code));
    characters.offset.push_back(at);
    at += static_cast<size_t>(decoded.bytes);
  }
  characters.offset.push_back(text.size());
  std::string out;
  const auto& expressions = find_pre_tokenizer(pre)->expressions;
  each_piece(expressions, characters, 0, characters.size(), [&](size_t begin, size_t end) {
    if (!out.empty()) out += '|';
    out += text.substr(characters.offset[begin], characters.offset[end] - characters.offset[begin]);
  });
  return out;
}

}  // namespace

TEST("gpt-2 joins one space to the next word and keeps contractions apart") {
  CHECK_EQUAL(pieces("gpt-2", "Don't  stop 123abc..."), "Don|'t| | stop| 123|abc|...");
  CHECK_EQUAL(pieces("gpt-2", "DON'T"), "DON|'|T");
  CHECK_EQUAL(pieces("gpt-2", "a \n\n b"), "a| \n\n| b");
  CHECK_EQUAL(pieces("gpt-2", "a  "), "a|  ");
  CHECK_EQUAL(pieces("gpt-2", "a\tb"), "a|\t|b");
  CHECK_EQUAL(pieces("gpt-2", " "), " ");
}

TEST("llama-bpe groups digits by three and lets line breaks end symbols") {
  CHECK_EQUAL(pieces("llama-bpe", "12345678 WE'LL"), "123|456|78| WE|'LL");
  CHECK_EQUAL(pieces("llama-bpe", "end.\n\n  next"), "end|.\n\n| | next");
  CHECK_EQUAL(pieces("llama-bpe", "a \n \n  b"), "a| \n \n| | b");
  CHECK_EQUAL(pieces("llama-bpe", "\"quoted\""), "\"quoted|\"");
  CHECK_EQUAL(pieces("llama-bpe", "'x'"), "'x|'");
  CHECK_EQUAL(pieces("llama-bpe", "naïve Москва 東京"), "naïve| Москва| 東京");
}

TEST("qwen2 takes single digits") { CHECK_EQUAL(pieces("qwen2", "v2.5 x10"), "v|2|.|5| x|1|0"); }

TEST("smollm splits every digit first") { CHECK_EQUAL(pieces("smollm", "in 1999!"), "in| |1|9|9|9|!"); }

TEST("falcon cuts punctuation first and digits by three last") {
  CHECK_EQUAL(pieces("falcon", "a,`b 12345"), "a|,`|b| |123|45");
  CHECK_EQUAL(pieces("falcon", "12345"), "123|45");
  CHECK_EQUAL(pieces("default", "x=$1 2345"), "x|=$|1| |234|5");
}

TEST("tekken breaks words where lower case meets upper case") {
  CHECK_EQUAL(pieces("tekken", "camelCase HTTPServer"), "camel|Case| HTTPServer");
  CHECK_EQUAL(pieces("tekken", "ABC"), "ABC");
  CHECK_EQUAL(pieces("tekken", "12 a/b //\n"), "1|2| a|/b| //\n");
  // A non-ASCII letter is upper and lower case: "É" may end the upper part, and a capital after it starts anew.
  CHECK_EQUAL(pieces("tekken", "ÉA"), "É|A");
}

TEST("gpt-4o keeps contractions at the end of the word") {
  CHECK_EQUAL(pieces("gpt-4o", "We'll don't 1234"), "We'll| don't| |123|4");
}

TEST("classes of characters follow Unicode") {
  CHECK(classify('a') == CharClass::letter && classify('5') == CharClass::number && classify(' ') == CharClass::space);
  CHECK(classify('$') == CharClass::other && classify('!') == CharClass::punctuation);
  for (const uint32_t code : {0xa0u, 0x85u, 0x3000u}) CHECK(classify(code) == CharClass::space);
  for (const uint32_t code : {0x4e00u, 0xe9u, 0x3b1u}) CHECK(classify(code) == CharClass::letter);
  for (const uint32_t code : {0x2167u, 0xbdu, 0x661u}) CHECK(classify(code) == CharClass::number);
  for (const uint32_t code : {0x200bu, 0x301u, 0x1f600u, 0x10ffffu}) CHECK(classify(code) == CharClass::other);
  CHECK(classify(0xffffffff) == CharClass::other);
}
