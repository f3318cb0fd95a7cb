#include "model/tokenizer/unicode_class.h"

#include "model/tokenizer/unicode_ranges.h"

#include <vector>

namespace hone {
namespace {

constexpr UnicodeRange kSpaces[] = {
    {0x9, 0xd, CharClass::space},       {0x20, 0x20, CharClass::space},     {0x85, 0x85, CharClass::space},
    {0xa0, 0xa0, CharClass::space},     {0x1680, 0x1680, CharClass::space}, {0x2000, 0x200a, CharClass::space},
    {0x2028, 0x2029, CharClass::space}, {0x202f, 0x202f, CharClass::space}, {0x205f, 0x205f, CharClass::space},
    {0x3000, 0x3000, CharClass::space},
};

/// One byte per code point up to the last classified one (about 200 KB), so that a lookup is a load.
std::vector<CharClass> flat_table() {
  std::vector<CharClass> table(std::end(unicode_ranges::kAll)[-1].last + 1, CharClass::other);
  const auto fill = [&](const UnicodeRange& range) {
    for (uint32_t code = range.first; code <= range.last; ++code) table[code] = range.kind;
  };
  for (const UnicodeRange& range : unicode_ranges::kAll) fill(range);
  for (const UnicodeRange& range : kSpaces) fill(range);
  return table;
}

}  // namespace

CharClass classify(uint32_t code) noexcept {
  static const std::vector<CharClass> table = flat_table();
  return code < table.size() ? table[code] : CharClass::other;
}

}  // namespace hone
