#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace hone {

/// A fixed set of threads that sleep (never spin) between calls. The calling thread works too.
class ThreadPool {
 public:
  /// `threads` counts the caller; 0 means all cores the process may use.
  explicit ThreadPool(unsigned threads = 0);
  ~ThreadPool();

  unsigned size() const noexcept;

  /// Calls body(begin, end) over [0, count) in pieces of at least `grain`, and returns when all are done.
  /// Which thread takes which piece is not defined, so pieces must not share results: what a piece writes may
  /// depend on its own range only. The first exception of a body is rethrown here. Not reentrant.
  void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t begin, int64_t end)>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone
