#include "model/tokenizer/special_splitter.h"

#include <algorithm>

namespace hone {

SpecialSplitter::SpecialSplitter(const Vocabulary& vocabulary) : nodes_(1) {
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const TokenType type = vocabulary.type(id);
    if (type != TokenType::control && type != TokenType::unknown && type != TokenType::user_defined) continue;
    tokens_.push_back(id);
    int32_t node = 0;
    for (const char c : vocabulary.text(id)) {
      const auto byte = static_cast<uint8_t>(c);
      int32_t next = child(node, byte);
      if (next < 0) {
        next = static_cast<int32_t>(nodes_.size());
        auto& children = nodes_[static_cast<size_t>(node)].children;
        children.insert(std::ranges::upper_bound(children, std::pair(byte, int32_t{0})), {byte, next});
        nodes_.emplace_back();
      }
      node = next;
    }
    nodes_[static_cast<size_t>(node)].token = id;
    nodes_[static_cast<size_t>(node)].always = type == TokenType::user_defined;
    starts_[static_cast<uint8_t>(vocabulary.text(id)[0])] = true;
  }
}

int32_t SpecialSplitter::child(int32_t node, uint8_t byte) const noexcept {
  const auto& children = nodes_[static_cast<size_t>(node)].children;
  const auto place = std::ranges::lower_bound(children, byte, {}, &std::pair<uint8_t, int32_t>::first);
  return place != children.end() && place->first == byte ? place->second : -1;
}

void SpecialSplitter::strip_space_after(const std::vector<int32_t>& tokens) {
  for (Node& node : nodes_) node.strip = node.token >= 0 && std::ranges::find(tokens, node.token) != tokens.end();
}

std::vector<SpecialSplitter::Match> SpecialSplitter::find_all(std::string_view text, bool parse_special) const {
  std::vector<Match> all;
  for (size_t begin = 0; begin < text.size(); ++begin) {
    if (!starts_[static_cast<uint8_t>(text[begin])]) continue;
    int32_t node = 0;
    for (size_t at = begin; at < text.size(); ++at) {
      node = child(node, static_cast<uint8_t>(text[at]));
      if (node < 0) break;
      const Node& reached = nodes_[static_cast<size_t>(node)];
      if (reached.token >= 0 && (parse_special || reached.always)) all.push_back({node, begin, at + 1 - begin});
    }
  }
  return all;
}

// The rule is: for each token, longest first, cut every remaining stretch of raw text at its occurrences from left to
// right. Finding all occurrences at once and accepting them in that order, unless they overlap an accepted one, gives
// the same cuts in one pass over the text.
std::vector<Fragment> SpecialSplitter::split(std::string_view text, bool parse_special) const {
  std::vector<Match> matches = find_all(text, parse_special);
  std::ranges::sort(matches, [&](const Match& a, const Match& b) {
    if (a.length != b.length) return a.length > b.length;
    const int32_t left = nodes_[static_cast<size_t>(a.node)].token, right = nodes_[static_cast<size_t>(b.node)].token;
    return left != right ? left < right : a.begin < b.begin;
  });

  struct Cut {
    int32_t token;
    size_t begin, end, next;  ///< `next`: where raw text resumes
  };
  std::vector<Cut> cuts;
  std::vector<bool> taken(matches.empty() ? 0 : text.size());
  for (const Match& match : matches) {
    // Accepted stretches are at least as long, so an overlap covers the first or the last byte.
    const size_t end = match.begin + match.length;
    if (taken[match.begin] || taken[end - 1]) continue;
    const Node& node = nodes_[static_cast<size_t>(match.node)];
    size_t next = end;
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (node.strip && next < text.size() && !taken[next] && is_space(text[next])) ++next;
    std::fill(taken.begin() + static_cast<ptrdiff_t>(match.begin), taken.begin() + static_cast<ptrdiff_t>(next), true);
    cuts.push_back({node.token, match.begin, end, next});
  }
  std::ranges::sort(cuts, {}, &Cut::begin);

  std::vector<Fragment> fragments;
  size_t at = 0;
  for (const Cut& cut : cuts) {
    if (cut.begin > at) fragments.push_back({-1, at, cut.begin});
    fragments.push_back({cut.token, cut.begin, cut.end});
    at = cut.next;
  }
  if (at < text.size()) fragments.push_back({-1, at, text.size()});
  return fragments;
}

}  // namespace hone
