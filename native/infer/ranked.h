#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace hone {

struct Candidate {
  float logit;
  int32_t token;
};

/// Candidates by falling logit, lower id first among equals, sorted only as far as somebody looks: a draw over
/// 150,000 tokens usually ends within the first hundred.
class Ranked {
 public:
  explicit Ranked(std::span<const float> logits) {
    candidates_.reserve(logits.size());
    for (size_t i = 0; i < logits.size(); ++i) candidates_.push_back({logits[i], static_cast<int32_t>(i)});
  }

  size_t size() const noexcept { return candidates_.size(); }

  /// The candidate of rank `rank`, counted from 0 and below `size()`.
  const Candidate& at(size_t rank) {
    if (rank >= sorted_) sort_to(std::max(rank + 1, sorted_ * 4));
    return candidates_[rank];
  }

  /// Forgets all but the first `count`, which is at least 1.
  void keep(size_t count) {
    if (count >= candidates_.size()) return;
    sort_to(count);
    candidates_.resize(count);
    sorted_ = count;
  }

  /// In no particular order.
  std::span<const Candidate> all() const noexcept { return candidates_; }

 private:
  void sort_to(size_t count) {
    count = std::min(std::max(count, size_t{64}), candidates_.size());
    if (count <= sorted_) return;
    std::partial_sort(candidates_.begin() + static_cast<std::ptrdiff_t>(sorted_),
                      candidates_.begin() + static_cast<std::ptrdiff_t>(count), candidates_.end(),
                      [](const Candidate& a, const Candidate& b) {
                        return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
                      });
    sorted_ = count;
  }

  std::vector<Candidate> candidates_;
  size_t sorted_ = 0;
};

}  // namespace hone
