#include "model/merge/merge.h"

#include "core/error.h"
#include "core/thread_pool.h"
#include "gguf/reader.h"
#include "gguf/writer.h"
#include "quant/codec.h"
#include "quant/i2_s.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace hone {
namespace {

constexpr size_t kPieceBytes = 4 << 20;      ///< of a tensor that is copied
constexpr int64_t kPieceWeights = 1 << 20;   ///< of one that is coded, at least one row
constexpr float kLargestF16 = 65504;

/// Reads rows of one stored matrix as float32.
class RowReader {
 public:
  RowReader(const GgufFile& file, const TensorInfo& info) : info_(info), bytes_(file.data(info)) {
    if (info.dtype == DType::I2_S) scale_ = read_i2_s_scale(bytes_);
  }

  void read(int64_t row, float* out) const {
    const std::byte* from = bytes_.data() + matrix_bytes(info_.dtype, row, info_.columns());
    if (info_.dtype == DType::I2_S) {
      decode_i2_s_row(from, scale_, out, info_.columns());
    } else {
      decode_row(info_.dtype, from, out, info_.columns());
    }
  }

 private:
  const TensorInfo& info_;
  std::span<const std::byte> bytes_;
  float scale_ = 0;
};

/// w += Σ scale · B[row] · A, the sum first.
void add_pairs(std::span<const MergePair> pairs, int64_t row, std::span<float> change, std::span<float> w) {
  std::ranges::fill(change, 0.0f);
  for (const auto& [pair, scale] : pairs) {
    const float* b = pair->b.row<const float>(row);
    for (int64_t k = 0; k < pair->rank(); ++k) {
      const float factor = scale * b[k];
      const float* a = pair->a.row<const float>(k);
      for (size_t i = 0; i < change.size(); ++i) change[i] += factor * a[i];
    }
  }
  for (size_t i = 0; i < w.size(); ++i) w[i] += change[i];
}

void check_row(std::span<const float> w, const TensorInfo& info) {
  float largest = 0, sum = 0;
  for (const float value : w) {
    sum += value * 0.0f;  // 0 for every finite number
    largest = std::max(largest, std::abs(value));
  }
  if (sum != 0) {
    throw Error("merge.not-finite", info.name + " holds a weight that is not a finite number after merging",
                "The model or the adapter is damaged, or the adapter is far too strong.");
  }
  if (info.dtype == DType::F16 && largest > kLargestF16) {
    throw Error("merge.overflow", info.name + " holds " + std::to_string(largest) + " after merging, F16 ends at " +
                                      std::to_string(kLargestF16),
                "Write the model as BF16 or Q8_0.");
  }
}

class Merge {
 public:
  Merge(const GgufFile& base, const std::string& path, const MergePlan& plan, unsigned threads,
        const MergeProgress& progress, const std::atomic<bool>& stop)
      : base_(base), writer_(path, plan.metadata, infos_of(plan)), pool_(threads), progress_(progress), stop_(stop) {
    for (const MergedTensor& tensor : plan.tensors) total_ += tensor.target.bytes;
  }

  void run(const MergePlan& plan) {
    for (const MergedTensor& tensor : plan.tensors) tensor.copied ? copy(tensor) : code(tensor);
    writer_.commit();
  }

 private:
  static std::vector<TensorInfo> infos_of(const MergePlan& plan) {
    std::vector<TensorInfo> infos;
    for (const MergedTensor& tensor : plan.tensors) infos.push_back(tensor.target);
    return infos;
  }

  void copy(const MergedTensor& tensor) {
    const auto bytes = base_.data(tensor.source);
    for (size_t begin = 0; begin < bytes.size(); begin += kPieceBytes) {
      put(bytes.subspan(begin, std::min(kPieceBytes, bytes.size() - begin)));
    }
  }

  void code(const MergedTensor& tensor) {
    const TensorInfo& target = tensor.target;
    const int64_t columns = target.columns(), step = std::max<int64_t>(1, kPieceWeights / columns);
    const size_t row_bytes = matrix_bytes(target.dtype, 1, columns);
    const RowReader reader(base_, tensor.source);
    for (int64_t begin = 0; begin < target.rows(); begin += step) {
      const int64_t rows = std::min(step, target.rows() - begin);
      coded_.resize(static_cast<size_t>(rows) * row_bytes);
      pool_.parallel_for(rows, 1, [&](int64_t first, int64_t end) {
        std::vector<float> w(static_cast<size_t>(columns)), change(tensor.pairs.empty() ? 0 : w.size());
        for (int64_t row = first; row < end; ++row) {
          reader.read(begin + row, w.data());
          if (!tensor.pairs.empty()) add_pairs(tensor.pairs, begin + row, change, w);
          check_row(w, target);
          encode_row(target.dtype, w.data(), coded_.data() + static_cast<size_t>(row) * row_bytes, columns);
        }
      });
      put(coded_);
    }
  }

  void put(std::span<const std::byte> bytes) {
    if (stop_.load()) throw Error("merge.stopped", "the merge was stopped; nothing was written");
    writer_.write(bytes);
    done_ += bytes.size();
    progress_(done_, total_);
  }

  const GgufFile& base_;
  GgufWriter writer_;
  ThreadPool pool_;
  const MergeProgress& progress_;
  const std::atomic<bool>& stop_;
  std::vector<std::byte> coded_;
  uint64_t done_ = 0, total_ = 0;
};

}  // namespace

void write_merge(const Model& base, const MergePlan& plan, const std::string& path, unsigned threads,
                 const MergeProgress& progress, const std::atomic<bool>& stop) {
  Merge(base.file(), path, plan, threads, progress, stop).run(plan);
}

}  // namespace hone
