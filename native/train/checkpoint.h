#pragma once

#include "backend/backend.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hone {

/// Fingerprints of what a run is about. A checkpoint only continues the run that wrote it.
struct CheckpointIdentity {
  std::string recipe, data, model;
};

struct CheckpointProgress {
  int64_t step = 0;     ///< steps done; also the place in the data order and in the streams of random numbers
  int64_t updates = 0;  ///< t of AdamW
  int64_t tokens = 0;
  int64_t validated = -1;  ///< step of the last validation; -1: none yet
  int64_t best_step = 0;   ///< with the lowest validation loss; 0: none yet. Kept with a patience only, as the next two.
  int64_t waited = 0;      ///< validations since then
  double best_loss = 0;
};

/// A float32 row that is part of the state.
struct CheckpointTensor {
  std::string name;
  Tensor tensor;
};

/// What was read, and the checksum that vouches for it: the one that was told when it was written.
struct LoadedCheckpoint {
  CheckpointProgress progress;
  uint64_t checksum = 0;
};

/// One GGUF file (general.type "checkpoint") with a checksum, which is returned. Complete under its name or not there at
/// all.
uint64_t write_checkpoint(const std::string& path, const CheckpointIdentity& identity,
                          const CheckpointProgress& progress, const std::vector<CheckpointTensor>& tensors,
                          Backend& backend);

/// Fills `tensors`. Errors: "checkpoint.damaged" when the checksum does not match; "checkpoint.mismatch" names what
/// differs; those of GgufFile::open. After an error nothing was changed.
LoadedCheckpoint read_checkpoint(const std::string& path, const CheckpointIdentity& identity, int64_t total_steps,
                                 const std::vector<CheckpointTensor>& tensors, Backend& backend);

/// Fills `tensors` from a checkpoint of any run of the same model. Errors as above.
LoadedCheckpoint read_checkpoint_tensors(const std::string& path, const std::string& model,
                                         const std::vector<CheckpointTensor>& tensors, Backend& backend);

}  // namespace hone
