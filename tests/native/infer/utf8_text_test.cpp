#include "infer/utf8_text.h"

#include "support/test.h"

#include <string>

using namespace hone;

TEST("a character that arrives in pieces appears when it is complete") {
  Utf8Text text;
  CHECK_EQUAL(text.add("caf\xC3"), "caf");
  CHECK_EQUAL(text.add("\xA9 \xF0\x9F"), "\xC3\xA9 ");
  CHECK_EQUAL(text.add("\x99"), "");
  CHECK_EQUAL(text.add("\x82!"), "\xF0\x9F\x99\x82!");
  CHECK_EQUAL(text.finish(), "");
}

TEST("bytes that cannot become a character are replaced, one mark for each") {
  const auto decode = [](std::string bytes) {
    Utf8Text text;
    const std::string shown = text.add(bytes);
    return shown + text.finish();
  };
  const std::string mark = "\xEF\xBF\xBD";
  CHECK_EQUAL(decode("a\x80z"), "a" + mark + "z");
  CHECK_EQUAL(decode("\xC0\xAF"), mark + mark);             // overlong
  CHECK_EQUAL(decode("\xED\xA0\x80"), mark + mark + mark);  // surrogate
  CHECK_EQUAL(decode("\xE2\x82z"), mark + mark + "z");      // cut short by another character
  CHECK_EQUAL(decode("\xF4\x90\x80\x80"), mark + mark + mark + mark);
  CHECK_EQUAL(decode("end\xE2\x82"), "end" + mark + mark);
  CHECK_EQUAL(decode(std::string("\0x", 2)), std::string("\0x", 2));
}

TEST("however bytes are cut, the same text comes out") {
  const std::string bytes = "z\xC3\x9F\xE6\xB0\xB4\xF0\x9F\x8D\x8C\xFF\xE2\x82";
  Utf8Text whole;
  std::string wanted = whole.add(bytes);
  wanted += whole.finish();
  for (size_t piece = 1; piece < bytes.size(); ++piece) {
    Utf8Text text;
    std::string shown;
    for (size_t at = 0; at < bytes.size(); at += piece) shown += text.add(bytes.substr(at, piece));
    CHECK_EQUAL(shown + text.finish(), wanted);
  }
}
