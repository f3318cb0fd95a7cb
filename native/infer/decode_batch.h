#pragma once

#include "model/decoder.h"

#include <memory>
#include <span>
#include <vector>

namespace hone {

class ResidentModel;

/// Sequences that grow at the same time on one model go through it together, one token each: a pass reads the weights
/// once however many there are, and reading them is what takes the time. Every sequence keeps its cache and its
/// adapters, and gets the bits that it would get alone.
class DecodeBatch {
 public:
  explicit DecodeBatch(const ResidentModel& base);  ///< cheap; what computes is made for the first pass
  ~DecodeBatch();

  /// One sequence. While a seat is taken, passes wait a few milliseconds for its next token.
  class Seat {
   public:
    explicit Seat(DecodeBatch& batch);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    /// Appends a token to `cache` and returns its logits, valid until the next call. Blocks; one of the blocked threads
    /// computes for all. Errors of Decoder.
    std::span<const float> next(int32_t token, KvCache& cache, std::span<const ActiveAdapter> adapters);

   private:
    DecodeBatch& batch_;
    std::vector<float> logits_;
  };

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
