#include "model/tokenizer/utf8.h"

namespace hone::utf8 {
namespace {

/// Length that a lead byte announces, 0 for a byte that leads nothing.
int announced(uint8_t lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/// The second byte decides over overlong forms, surrogates and the end of Unicode.
bool valid_second(uint8_t lead, uint8_t second) noexcept {
  if ((second & 0xc0) != 0x80) return false;
  switch (lead) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return second < 0xa0;
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90;
    default: return true;
  }
}

}  // namespace

Decoded decode(std::string_view text) noexcept {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const int length = announced(lead);
  if (length == 0 || text.size() < static_cast<size_t>(length) || !valid_second(lead, at(1))) return {kReplacement, 0};
  uint32_t code = lead & (0xffu >> (length + 1));
  for (int i = 1; i < length; ++i) {
    if ((at(static_cast<size_t>(i)) & 0xc0) != 0x80) return {kReplacement, 0};
    code = code << 6 | (at(static_cast<size_t>(i)) & 63u);
  }
  return {code, length};
}

void append(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

bool ends_incomplete(std::string_view text, size_t& begin) noexcept {
  for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const size_t start = text.size() - back;
    const auto lead = static_cast<uint8_t>(text[start]);
    if ((lead & 0xc0) == 0x80) continue;  // not a lead byte yet
    if (announced(lead) <= static_cast<int>(back)) return false;
    if (back > 1 && !valid_second(lead, static_cast<uint8_t>(text[start + 1]))) return false;
    begin = start;
    return true;
  }
  return false;
}

std::string replace_invalid(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    append(out, decoded.code);
    text.remove_prefix(decoded.bytes ? static_cast<size_t>(decoded.bytes) : 1);
  }
  return out;
}

}  // namespace hone::utf8
