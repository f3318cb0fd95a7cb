#include "backend/cpu/weight_view.h"

#include <algorithm>
#include <cstring>

namespace hone::cpu {
namespace {

struct RowScratch;

}  // namespace

const float* WeightView::weights(int64_t row, int64_t column, int64_t count, float* scratch) const {
  const std::byte* first = this->row(row) + static_cast<size_t>(column / block_) * block_bytes_;
  if (dtype_ == DType::F32) return reinterpret_cast<const float*>(first);
  if (dtype_ == DType::I2_S) {
    decode_i2_s_row(first, scale_, scratch, count);
  } else {
    decode_(dtype_, first, scratch, count);
  }
  return scratch;
}

float WeightView::dot(int64_t row, const float* x, float* scratch) const {
  if (dot_) return dot_(this->row(row), x, columns_);
  return dot_floats_(weights(row, 0, columns_, scratch), x, columns_);
}

PackPanel WeightView::pack_transposed() const {
  return [view = *this](int64_t k, int64_t depth, int64_t j, int64_t columns, float* panel) {
    float* rows = thread_scratch<RowScratch>().get<float>(kTileColumns * kPanelDepth);
    for (int64_t tile = 0; tile < columns; tile += kTileColumns, panel += depth * kTileColumns) {
      const int64_t width = std::min<int64_t>(kTileColumns, columns - tile);
      if (view.dtype_ == DType::F32 && width == kTileColumns) {
        view.transpose16_(view.weights(j + tile, k, depth, nullptr),
                          static_cast<int64_t>(view.row_bytes_ / sizeof(float)), depth, panel);
        continue;
      }
      for (int64_t r = 0; r < kTileColumns; ++r) {
        float* row = rows + r * kPanelDepth;
        if (r >= width) {
          std::fill_n(row, depth, 0.0f);
        } else if (const float* weights = view.weights(j + tile + r, k, depth, row); weights != row) {
          std::memcpy(row, weights, static_cast<size_t>(depth) * sizeof(float));
        }
      }
      view.transpose16_(rows, kPanelDepth, depth, panel);
    }
  };
}

PackPanel WeightView::pack_straight() const {
  return [view = *this](int64_t k, int64_t depth, int64_t j, int64_t columns, float* panel) {
    float* scratch = thread_scratch<RowScratch>().get<float>(columns);
    for (int64_t s = 0; s < depth; ++s) {
      pack_row(view.weights(k + s, j, columns, scratch), columns, s, depth, panel);
    }
  };
}

}  // namespace hone::cpu
