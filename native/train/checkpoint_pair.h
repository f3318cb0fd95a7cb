#pragma once

#include "train/trainer.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hone {

/// The two newest checkpoints of a run: `path` and `path` with ".previous". A new one is written under a
/// third name; only when it is whole on the disk do the others move along. A run that is killed at any moment so finds
/// at least one of the two whole. With a folder for them, every one also stays there under the number of its step,
/// "120.gguf", until somebody else removes it.
class CheckpointPair {
 public:
  explicit CheckpointPair(std::string path, std::string keep_folder = {});

  struct Saved {
    int64_t step = 0;
    uint64_t checksum = 0;
    bool kept = false;  ///< in the folder, too
  };

  /// Nothing is done when the trainer still stands where it was saved last. Errors: those of AtomicFile and
  /// "file.write"; the older checkpoints are then as they were.
  std::optional<Saved> save(const Trainer& trainer);

  /// Where a run went on from. `told` is what a person must know about that; empty when all went as it should.
  struct Resumed {
    enum class From { newest, previous, start } from = From::newest;
    std::string told;
    int64_t step = 0;
    uint64_t checksum = 0;  ///< of the checkpoint, which its content was found to match; 0 from the start
  };

  /// Loads the newest checkpoint that is whole, and deletes a damaged newest one, lest it push out the good one before
  /// it. With none that is whole the trainer stays at its first step: from there it comes to the same adapter, too.
  /// Errors: "checkpoint.mismatch" for a whole checkpoint of another run, "file.missing" when there is
  /// neither, other "file.*" for one that cannot be opened.
  Resumed load(Trainer& trainer);

 private:
  bool keep(int64_t step) const;

  std::string path_, previous_, keep_folder_;
  int64_t saved_step_ = -1;
};

}  // namespace hone
