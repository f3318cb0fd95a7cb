#pragma once

#include "model/merge/plan.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace hone {

/// Bytes of the merged file written so far, of how many. Called on the thread that merges, after every piece.
using MergeProgress = std::function<void(uint64_t done, uint64_t total)>;

/// Writes base + adapters as one model: every changed matrix is W + Σ scale·B·A in float32, coded in its planned
/// type; every other tensor is coded or copied. Works through the file in pieces of a few MB on `threads` threads (0:
/// all cores), so that memory does not grow with the model; the bytes do not depend on the number of threads. The
/// file appears under `path` whole and synced, or not at all.
///
/// Errors: those of AtomicFile ("disk.full" before the first byte); "merge.not-finite" and "merge.overflow" (F16)
/// naming the matrix; "merge.stopped" after `stop` was set.
void write_merge(const Model& base, const MergePlan& plan, const std::string& path, unsigned threads,
                 const MergeProgress& progress, const std::atomic<bool>& stop);

}  // namespace hone
