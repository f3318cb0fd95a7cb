#pragma once

#include "core/error.h"

#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>

/// A small test harness: cases register themselves, names are sentences, the first failed check ends a case.
///
///     TEST("a truncated file is refused by name") { CHECK_ERROR("gguf.truncated", read(path)); }
namespace hone::test {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Case {
  Case(const char* file, const char* name, std::function<void()> body);
};

/// Runs after every case; a case that throws here has failed.
struct AfterEach {
  explicit AfterEach(std::function<void()> check);
};

template <class A, class B>
[[noreturn]] void fail(const char* file, int line, const char* what, const A& a, const B& b) {
  std::ostringstream text;
  text.precision(9);
  text << file << ":" << line << ": " << what << " (" << a << " against " << b << ")";
  throw Failure(text.str());
}

/// Prints a line under the running case, for measured values worth seeing (errors, tables).
void report(const std::string& line);

/// Path of a file under tests/fixtures.
std::string fixture(const std::string& name);

/// A fresh empty folder, removed when the program ends.
std::string temporary_folder();

}  // namespace hone::test

#define HONE_CONCAT_(a, b) a##b
#define HONE_CONCAT(a, b) HONE_CONCAT_(a, b)
#define HONE_TEST_(name, id)                                                              \
  static void id();                                                                       \
  static const ::hone::test::Case HONE_CONCAT(id, _case)(__FILE__, name, id);             \
  static void id()
#define TEST(name) HONE_TEST_(name, HONE_CONCAT(test_, __LINE__))

#define CHECK(condition)                                                                                  \
  do {                                                                                                    \
    if (!(condition)) ::hone::test::fail(__FILE__, __LINE__, #condition, "false", "true");                \
  } while (0)
#define CHECK_EQUAL(a, b)                                                                                 \
  do {                                                                                                    \
    const auto& hone_a = (a);                                                                             \
    const auto& hone_b = (b);                                                                             \
    if (!(hone_a == hone_b)) ::hone::test::fail(__FILE__, __LINE__, #a " == " #b, hone_a, hone_b);        \
  } while (0)
#define CHECK_AT_MOST(a, limit)                                                                           \
  do {                                                                                                    \
    const auto hone_a = (a);                                                                              \
    const auto hone_b = (limit);                                                                          \
    if (!(hone_a <= hone_b)) ::hone::test::fail(__FILE__, __LINE__, #a " <= " #limit, hone_a, hone_b);    \
  } while (0)
/// The expression must throw hone::Error with this code.
#define CHECK_ERROR(expected, expression)                                                                 \
  do {                                                                                                    \
    std::string hone_code = "no error";                                                                   \
    try {                                                                                                 \
      (void)(expression);                                                                                 \
    } catch (const ::hone::Error& error) {                                                                \
      hone_code = error.code();                                                                           \
    }                                                                                                     \
    if (hone_code != (expected)) ::hone::test::fail(__FILE__, __LINE__, #expression, hone_code, expected); \
  } while (0)
