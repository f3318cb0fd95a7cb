#include "core/thread_pool.h"

#include "support/test.h"

#include <atomic>
#include <numeric>
#include <set>
#include <stdexcept>
#include <vector>

using namespace hone;

TEST("every element is visited exactly once for any count and grain") {
  ThreadPool pool(3);
  CHECK_EQUAL(pool.size(), 3u);
  for (const int64_t count : {0, 1, 2, 7, 12, 13, 1000}) {
    for (const int64_t grain : {1, 3, 64, 5000}) {
      std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
      pool.parallel_for(count, grain, [&](int64_t begin, int64_t end) {
        CHECK(begin < end);
        for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
      });
      for (const auto& visited : visits) CHECK_EQUAL(visited.load(), 1);
    }
  }
}

TEST("pieces are at least as long as the grain, except the last") {
  ThreadPool pool(2);
  std::atomic<int> shorter{0};
  pool.parallel_for(1000, 64, [&](int64_t begin, int64_t end) { shorter += end - begin < 64 && end != 1000; });
  CHECK_EQUAL(shorter.load(), 0);
}

TEST("thousands of small jobs follow each other without losing one") {
  ThreadPool pool(4);
  std::atomic<int64_t> sum{0};
  for (int job = 0; job < 3000; ++job) {
    pool.parallel_for(8, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
  }
  CHECK_EQUAL(sum.load(), 24000);
}

TEST("an exception of a piece reaches the caller and the pool goes on") {
  ThreadPool pool(2);
  for (int round = 0; round < 20; ++round) {
    bool caught = false;
    try {
      pool.parallel_for(100, 1, [](int64_t begin, int64_t end) {
        if (begin <= 50 && 50 < end) throw Error("test.expected", "piece 50");
      });
    } catch (const Error& error) {
      caught = error.code() == "test.expected";
    }
    CHECK(caught);
  }
  std::atomic<int> count{0};
  pool.parallel_for(10, 1, [&](int64_t begin, int64_t end) { count += static_cast<int>(end - begin); });
  CHECK_EQUAL(count.load(), 10);
}

TEST("a pool of one runs on the caller") {
  ThreadPool pool(1);
  int64_t sum = 0;
  pool.parallel_for(10, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
  CHECK_EQUAL(sum, 10);
}
