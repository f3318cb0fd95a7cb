#pragma once

#include "tools/bench/ceilings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hone::bench {

struct Job {
  std::string model;  ///< a name of `shapes()`
  std::string path;   ///< its file
  std::string work;   ///< train, prompt, decode or load
  int64_t context = 0;
  unsigned threads = 0;
  int runs = 3;
};

struct Outcome {
  std::vector<double> tokens_per_second;  ///< of each run; for `load` 1 / seconds
  size_t forecast_bytes = 0;              ///< peak memory as it was predicted for `train`
  double megabytes_per_second = 0;        ///< of text, for a tokenizer
  double ceiling = 0;                     ///< tokens per second if nothing but products and memory took time; 0: unknown
};

/// Error "usage" for an unknown work.
Outcome run_job(const Job& job, const Ceilings& ceilings);

/// Tokens and megabytes per second of one thread's own time over a text. `model` is any GGUF file with a tokenizer.
Outcome run_tokenizer(const std::string& model, const std::string& text, int runs);

}  // namespace hone::bench
