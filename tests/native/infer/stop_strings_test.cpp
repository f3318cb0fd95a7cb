#include "infer/stop_strings.h"

#include "support/test.h"

#include <string>
#include <vector>

using namespace hone;

TEST("text without a stop string passes through at once") {
  StopStrings stop({});
  CHECK_EQUAL(stop.add("hello "), "hello ");
  CHECK_EQUAL(stop.add("there"), "there");
  CHECK_EQUAL(stop.finish(), "");
}

TEST("text that may become a stop string is held back until it is decided") {
  StopStrings stop({"<end>"});
  CHECK_EQUAL(stop.add("a <e"), "a ");
  CHECK_EQUAL(stop.add("n"), "");
  CHECK_EQUAL(stop.add("vy"), "<envy");
  CHECK_EQUAL(stop.add(" <end"), " ");
  CHECK(!stop.found());
  CHECK_EQUAL(stop.add("> and more"), "");
  CHECK(stop.found());
  CHECK_EQUAL(stop.add("ignored"), "");
  CHECK_EQUAL(stop.finish(), "");
}

TEST("held text is part of the answer when the answer ends") {
  StopStrings stop({"\n\nUser:"});
  CHECK_EQUAL(stop.add("bye\n\nUse"), "bye");
  CHECK_EQUAL(stop.finish(), "\n\nUse");
}

TEST("the stop string that begins first counts") {
  StopStrings stop({"world", "lo w"});
  CHECK_EQUAL(stop.add("hello world"), "hel");
  CHECK(stop.found());
}

TEST("a stop string that overlaps its own beginning is found") {
  StopStrings stop({"aab"});
  CHECK_EQUAL(stop.add("a"), "");
  CHECK_EQUAL(stop.add("a"), "");
  CHECK_EQUAL(stop.add("a"), "a");
  CHECK_EQUAL(stop.add("b"), "");
  CHECK(stop.found());
}

TEST("however a text is cut, the same is shown") {
  const std::string text = "one STO two STOSTOP three";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    StopStrings stop({"STOP", ""});
    std::string shown;
    for (size_t at = 0; at < text.size(); at += piece) shown += stop.add(text.substr(at, piece));
    CHECK_EQUAL(shown + stop.finish(), "one STO two STO");
  }
}
