#include "infer/decode_batch.h"

#include "infer/resident_model.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

/// Sequences of one pass: up to here products go output by output, whose bits do not depend on their number.
constexpr size_t kTogether = 4;
/// A sequence that chooses its next token or shows its text is back long before this.
constexpr auto kPatience = std::chrono::milliseconds(5);
constexpr int64_t kPositions = 1024;  ///< positions are prepared for in steps of so many

struct Request {
  DecoderTurn turn;
  std::vector<float>* logits;
  Clock::time_point deadline;
  bool done = false;
  std::exception_ptr error;
};

}  // namespace

struct DecodeBatch::Impl {
  const ResidentModel& base;
  std::mutex mutex;
  std::condition_variable changed;
  // Guarded by the mutex.
  size_t seats = 0;
  std::vector<Request*> waiting;  ///< oldest first
  bool running = false;
  // Used by the thread that set `running`.
  std::unique_ptr<Backend> backend;
  std::optional<Decoder> decoder;
  int64_t positions = 0;

  explicit Impl(const ResidentModel& base_) : base(base_) {}

  bool ready() const {
    if (running || waiting.empty()) return false;
    return waiting.size() >= std::min(seats, kTogether) || Clock::now() >= waiting.front()->deadline;
  }

  void run(std::span<Request* const> requests) {
    try {
      std::vector<DecoderTurn> turns;
      int64_t longest = 0;
      for (const Request* request : requests) {
        turns.push_back(request->turn);
        longest = std::max(longest, request->turn.cache->capacity());
      }
      if (longest > positions) {
        if (!backend) backend = base.make_backend();
        positions = std::min(base.context(), (longest + kPositions - 1) / kPositions * kPositions);
        decoder.emplace(*backend, base.model().config(), base.model().weights(),
                        DecoderOptions{.positions = positions, .chunk = static_cast<int64_t>(kTogether)});
      }
      const std::span<const float> logits = decoder->next_logits(turns);
      const size_t vocabulary = logits.size() / turns.size();
      for (size_t i = 0; i < requests.size(); ++i) {
        const auto own = logits.subspan(i * vocabulary, vocabulary);
        requests[i]->logits->assign(own.begin(), own.end());
      }
    } catch (...) {
      for (Request* request : requests) request->error = std::current_exception();
    }
  }

  void wait_for(Request& request) {
    std::unique_lock lock(mutex);
    waiting.push_back(&request);
    changed.notify_all();  // it may be the last one that a pass waited for
    while (!request.done) {
      if (!ready()) {
        running ? changed.wait(lock) : static_cast<void>(changed.wait_until(lock, waiting.front()->deadline));
        continue;
      }
      const auto count = static_cast<std::ptrdiff_t>(std::min(waiting.size(), kTogether));
      const std::vector<Request*> taken(waiting.begin(), waiting.begin() + count);
      waiting.erase(waiting.begin(), waiting.begin() + count);
      running = true;
      lock.unlock();
      run(taken);
      lock.lock();
      running = false;
      for (Request* each : taken) each->done = true;
      changed.notify_all();
    }
  }
};

DecodeBatch::DecodeBatch(const ResidentModel& base) : impl_(std::make_unique<Impl>(base)) {}

DecodeBatch::~DecodeBatch() = default;

DecodeBatch::Seat::Seat(DecodeBatch& batch) : batch_(batch) {
  const std::lock_guard lock(batch_.impl_->mutex);
  ++batch_.impl_->seats;
}

DecodeBatch::Seat::~Seat() {
  {
    const std::lock_guard lock(batch_.impl_->mutex);
    --batch_.impl_->seats;
  }
  batch_.impl_->changed.notify_all();
}

std::span<const float> DecodeBatch::Seat::next(int32_t token, KvCache& cache,
                                               std::span<const ActiveAdapter> adapters) {
  Request request{{token, &cache, adapters}, &logits_, Clock::now() + kPatience, false, nullptr};
  batch_.impl_->wait_for(request);
  if (request.error) std::rethrow_exception(request.error);
  return logits_;
}

}  // namespace hone
