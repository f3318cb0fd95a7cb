#include "train/checkpoint_pair.h"

#include "core/error.h"
#include "core/file_error.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace hone {
namespace {

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

void rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) throw file_error(errno, "write", to, "file.write");
}

bool is_damage(const Error& error) { return error.code() == "checkpoint.damaged" || error.code().starts_with("gguf."); }

/// Nothing when it is loaded; the error when it is damaged or not there.
std::optional<Error> try_load(const std::string& path, Trainer& trainer, uint64_t& checksum) {
  try {
    checksum = trainer.load_checkpoint(path);
    return std::nullopt;
  } catch (const Error& error) {
    if (!is_damage(error) && error.code() != "file.missing") throw;
    return error;
  }
}

}  // namespace

CheckpointPair::CheckpointPair(std::string path, std::string keep_folder)
    : path_(std::move(path)), previous_(path_ + ".previous"), keep_folder_(std::move(keep_folder)) {}

std::optional<CheckpointPair::Saved> CheckpointPair::save(const Trainer& trainer) {
  if (trainer.steps_done() == saved_step_) return std::nullopt;
  const std::string next = path_ + ".next";
  const uint64_t checksum = trainer.save_checkpoint(next);
  // A crash between the two, or a disk that loses the later one, leaves a whole checkpoint under one of the names.
  if (is_there(path_)) rename_file(path_, previous_);
  rename_file(next, path_);
  saved_step_ = trainer.steps_done();
  return Saved{saved_step_, checksum, keep(saved_step_)};
}

/// A second name for the newest checkpoint: no byte is written twice. Where the disk knows no such names, a copy does. A
/// failure costs a way back, never the run.
bool CheckpointPair::keep(int64_t step) const {
  if (keep_folder_.empty() || step == 0) return false;
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(keep_folder_, failed);
  const std::string kept = keep_folder_ + "/" + std::to_string(step) + ".gguf";
  fs::remove(kept, failed);
  fs::create_hard_link(path_, kept, failed);
  if (failed) fs::copy_file(path_, kept, fs::copy_options::overwrite_existing, failed);
  return !failed;
}

CheckpointPair::Resumed CheckpointPair::load(Trainer& trainer) {
  uint64_t checksum = 0;
  const std::optional<Error> newest = try_load(path_, trainer, checksum);
  if (!newest) {
    saved_step_ = trainer.steps_done();
    return {Resumed::From::newest, {}, saved_step_, checksum};
  }
  if (is_damage(*newest)) {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::optional<Error> previous = try_load(previous_, trainer, checksum);
  if (previous && !is_damage(*newest) && !is_damage(*previous)) throw *newest;  // there never was one
  const std::string why = is_damage(*newest) ? std::string(newest->what()) : "the newest checkpoint was lost";
  if (!previous) {
    return {Resumed::From::previous, why + "; the checkpoint before it is whole and is used instead",
            trainer.steps_done(), checksum};
  }
  return {Resumed::From::start, why + "; no earlier checkpoint is whole, so the run begins again"};
}

}  // namespace hone
