#pragma once

#include "infer/resident_model.h"
#include "train/checkpoint_pair.h"
#include "train/trainer.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hone::binding {

struct TrainingRequest {
  Recipe recipe;
  TrainingData data;
  int64_t checkpoint_every = 0;  ///< steps; 0: only at the end
  int64_t last_step = 0;         ///< not 0: the run ends there as if this had been its last step
  double duty = 1;               ///< share of the time that is computed in, the rest is slept; see `set_duty`
  std::string checkpoint_path;
  std::string keep_folder;  ///< where all checkpoints stay; may be empty
  bool resume = false;
  std::string adapter_path;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// One optimiser step. `seconds` is its own time; `memory_bytes` counts the model's weights too.
struct StepEvent {
  StepReport report;
  double seconds = 0;
  uint64_t memory_bytes = 0;
};

struct LogEvent {
  const char* level;  ///< "info" or "warning"
  std::string text;
};

/// A checkpoint is whole on the disk.
using CheckpointEvent = CheckpointPair::Saved;
/// The run goes on from a checkpoint that was found whole, or begins again as none was.
using ResumeEvent = CheckpointPair::Resumed;
using SampleEvent = std::shared_ptr<const ResidentAdapter>;
using TrainingEvent = std::variant<StepEvent, ValidationReport, LogEvent, CheckpointEvent, ResumeEvent, SampleEvent>;

/// A training run from first step to finished adapter, on the calling thread: trains, writes checkpoints between steps,
/// hands out copies of the adapter, and at the end writes checkpoint and adapter. A checkpoint that cannot be written (a full disk) is
/// reported and the run goes on, so that there is time to make room; only a stop whose state cannot be kept fails.
class TrainingRun final : private TrainingObserver {
 public:
  /// `finish` ends the run here as if this had been its last step.
  enum class StopHow { checkpoint, discard, finish };

  /// `emit` is called on the thread of `run`, in order.
  TrainingRun(std::shared_ptr<const ResidentModel> base, TrainingRequest request,
              std::function<void(TrainingEvent)> emit);

  struct Result {
    TrainingEnd end = TrainingEnd::stopped;
    int64_t step = 0;
  };

  /// Once. Errors: those of Trainer, of AtomicFile and of reading a checkpoint.
  Result run();

  /// From any thread, also before `run`. Once discarded, a run stays discarded.
  void request_stop(StopHow how) noexcept;

  /// From any thread: one SampleEvent soon, between two steps or at the end. Too late after `run` has returned.
  void request_sample() noexcept;

  /// From any thread: how much of the time may be computed in, (0, 1]. After each step the run sleeps so long that it
  /// keeps to that; what it computes is the same.
  void set_duty(double duty) noexcept;

 private:
  void on_step(const StepReport& report) override;
  void on_validation(const ValidationReport& report) override;
  void on_rest() override;
  void finish();
  void serve();
  void rest(double worked_seconds);
  void save_checkpoint();
  void save_checkpoint_or_warn();

  std::shared_ptr<const ResidentModel> base_;
  TrainingRequest request_;
  CheckpointPair checkpoints_;
  std::function<void(TrainingEvent)> emit_;
  std::atomic<bool> stop_ = false, discard_ = false, finish_ = false;
  std::atomic<int> samples_wanted_ = 0;
  std::atomic<double> duty_;
  std::mutex mutex_;
  std::condition_variable woken_;  ///< a stop, a sample or another duty
  Trainer* trainer_ = nullptr;  ///< while `run` lasts; written under `mutex_`
  std::chrono::steady_clock::time_point step_begin_;
  double step_seconds_ = 0;
};

}  // namespace hone::binding
