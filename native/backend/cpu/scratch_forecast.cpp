#include "backend/cpu/scratch_forecast.h"

#include <algorithm>

namespace hone::cpu {
namespace {

constexpr int64_t kFloat = 4;
/// Of a thread, whatever the shape: unpacked panels and left factors of products in floats, codes of ternary ones.
constexpr int64_t kPanels = (256 * 256 + 96 * 256 + 16 * 256) * kFloat + 2 * 256 * 256;

}  // namespace

int64_t logit_rows(int64_t rows, int64_t vocabulary) {
  // Rows that share one unpacking of the head: a block of `gemm` where the vocabulary is small enough, and never fewer
  // than half of that. Else 16 MB of logits.
  constexpr int64_t kMost = 96, kFewest = 48, kLogits = 4 << 20;
  return std::min(rows, std::clamp(kLogits / vocabulary, kFewest, kMost));
}

size_t forecast_scratch(const ScratchShape& s) {
  const int64_t dropped = s.dropout ? s.rows * s.widest * kFloat : 0;
  // Two digits of every gradient with the sums of their parts of 256, of every input with two numbers per 32.
  const int64_t ternary_digits = s.ternary ? s.rows * (2 * s.widest + 2 * (s.widest / 256 + 1) * kFloat + kFloat) : 0;
  const int64_t byte_digits = s.bytes ? s.rows * (2 * s.widest + 4 * (s.widest / 32) * kFloat) : 0;
  const int64_t logits = logit_rows(s.rows, s.vocabulary) * s.vocabulary * kFloat;
  const int64_t values = std::max(logits, dropped + s.rank * (s.rows + s.widest) * kFloat);
  const int64_t attention = (5 * 64 * s.head_dim + 2 * 64 * 64 + 16 * std::max<int64_t>(64, s.head_dim)) * kFloat;
  const int64_t panels = (s.ternary || s.bytes ? 36 * s.widest : 0) + (s.ternary ? s.rows * 256 * kFloat : 0);
  const int64_t inputs = std::max({dropped, ternary_digits, byte_digits});
  return static_cast<size_t>(inputs + values + s.threads * (kPanels + attention + panels));
}

}  // namespace hone::cpu
