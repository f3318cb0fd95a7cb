#include "infer/stop_strings.h"

#include <algorithm>
#include <utility>

namespace hone {

StopStrings::StopStrings(std::vector<std::string> strings) : strings_(std::move(strings)) {
  std::erase(strings_, std::string());
}

std::string StopStrings::add(std::string_view text) {
  if (found_) return {};
  held_.append(text);
  size_t first = std::string::npos;
  for (const std::string& stop : strings_) first = std::min(first, held_.find(stop));
  found_ = first != std::string::npos;
  std::string certain = held_.substr(0, found_ ? first : possible_beginning());
  if (found_) {
    held_.clear();
  } else {
    held_.erase(0, certain.size());
  }
  return certain;
}

/// Where the longest end of the held text begins that a stop string begins with; its size when there is none.
size_t StopStrings::possible_beginning() const {
  const std::string_view held = held_;
  size_t begin = held.size();
  for (const std::string& stop : strings_) {
    const size_t longest = std::min(stop.size() - 1, held.size());
    for (size_t at = held.size() - longest; at < begin; ++at) {
      if (stop.starts_with(held.substr(at))) begin = at;
    }
  }
  return begin;
}

std::string StopStrings::finish() { return std::exchange(held_, {}); }

}  // namespace hone
