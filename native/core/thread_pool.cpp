#include "core/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace hone {

/// One job at a time. It is open while its pieces are handed out; workers that wake late find it closed and
/// sleep again, so the caller waits only for those that are inside.
struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable opened;
  std::condition_variable left;
  std::vector<std::thread> workers;

  // Guarded by the mutex.
  uint64_t job = 0;
  bool open = false;
  bool stopping = false;
  unsigned inside = 0;
  std::exception_ptr problem;

  // Written before the job opens, read only by threads inside it.
  const std::function<void(int64_t, int64_t)>* body = nullptr;
  int64_t count = 0;
  int64_t piece = 0;
  std::atomic<int64_t> next{0};

  void work() {
    for (;;) {
      const int64_t begin = next.fetch_add(piece, std::memory_order_relaxed);
      if (begin >= count) return;
      try {
        (*body)(begin, std::min(count, begin + piece));
      } catch (...) {
        next.store(count, std::memory_order_relaxed);
        const std::lock_guard lock(mutex);
        if (!problem) problem = std::current_exception();
        return;
      }
    }
  }

  void run_worker() {
    uint64_t seen = 0;
    std::unique_lock lock(mutex);
    for (;;) {
      opened.wait(lock, [&] { return stopping || (open && job != seen); });
      if (stopping) return;
      seen = job;
      ++inside;
      lock.unlock();
      work();
      lock.lock();
      if (--inside == 0) left.notify_one();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    opened.notify_all();
    for (auto& worker : workers) worker.join();
  }
};

ThreadPool::ThreadPool(unsigned threads) : state_(std::make_unique<State>()) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  state_->workers.reserve(threads - 1);
  try {
    for (unsigned i = 1; i < threads; ++i) {
      state_->workers.emplace_back([state = state_.get()] { state->run_worker(); });
    }
  } catch (...) {
    state_->stop();
    throw;
  }
}

ThreadPool::~ThreadPool() { state_->stop(); }

unsigned ThreadPool::size() const noexcept { return static_cast<unsigned>(state_->workers.size()) + 1; }

void ThreadPool::parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (count <= 0) return;
  // Four pieces per thread even out threads that were interrupted, at little cost.
  const int64_t pieces = int64_t{4} * size();
  const int64_t piece = std::max(std::max<int64_t>(grain, 1), count / pieces + (count % pieces != 0));
  State& state = *state_;
  if (piece >= count || state.workers.empty()) return body(0, count);

  {
    const std::lock_guard lock(state.mutex);
    state.body = &body;
    state.count = count;
    state.piece = piece;
    state.next.store(0, std::memory_order_relaxed);
    state.problem = nullptr;
    state.open = true;
    ++state.job;
  }
  state.opened.notify_all();
  state.work();

  std::unique_lock lock(state.mutex);
  state.open = false;
  state.left.wait(lock, [&] { return state.inside == 0; });
  if (state.problem) std::rethrow_exception(std::exchange(state.problem, nullptr));
}

}  // namespace hone
