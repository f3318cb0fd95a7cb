#include "train/copying_start.h"

#include "core/error.h"
#include "core/random.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace hone {
namespace {

constexpr int64_t kConstants = 8;        ///< directions of the embedding that are the same for every token
constexpr float kConstantGain = 16;      ///< of those directions at the attention of layer 0
constexpr float kEmbedding = 0.3f;       ///< standard deviation
constexpr float kOutputNorm = 0.1f;
constexpr float kOutputNormConstant = 0.01f;
constexpr double kSharpest = 0.05;       ///< radians per position; slower pairs cannot tell neighbours apart

/// A matrix on the host, row by row.
struct Matrix {
  int64_t rows = 0, columns = 0;
  std::vector<float> values;

  Matrix(int64_t rows_, int64_t columns_) : rows(rows_), columns(columns_), values(static_cast<size_t>(rows * columns)) {}
  float& at(int64_t row, int64_t column) { return values[static_cast<size_t>(row * columns + column)]; }
};

class CopyingStart {
 public:
  CopyingStart(ParameterStore& store, const ModelConfig& config, uint64_t seed)
      : store_(store), config_(config), seed_(seed), deviation_(1 / std::sqrt(static_cast<double>(config.dim))) {}

  void run() {
    const Matrix identity = reader();
    const Matrix before = reader(), before_that = reader();  // the directions layer 0 writes to, as readers of them
    embedding();
    for (int64_t layer = 0; layer < config_.layers; ++layer) {
      LayerGradients& target = store_.layers[static_cast<size_t>(layer)];
      Matrix q = square(), k = square(), v = square(), o = square();
      for (int64_t head = 0; head < config_.heads; ++head) {
        Matrix query = reader(), key = query, value = reader(), writer = value;
        if (layer == 0 && head < 2) {
          value = identity;
          writer = head == 0 ? before : before_that;
          std::tie(query, key) = looks_back(head + 1);
        } else if ((layer == 1 || layer == 2) && head < 2) {
          query = head == 0 ? identity : before;
          key = head == 0 ? before : before_that;
        }
        place_rows(q, query, head);
        place_rows(k, key, head);
        place_rows(v, value, head);
        place_columns(o, writer, head);
      }
      upload(target, Projection::q, q);
      upload(target, Projection::k, k);
      upload(target, Projection::v, v);
      upload(target, Projection::output, o);
    }
    norms();
  }

 private:
  Matrix square() const { return {config_.dim, config_.dim}; }

  /// Random projection [head_dim, D] that is blind to the constant directions.
  Matrix reader() {
    Matrix matrix(config_.head_dim, config_.dim);
    matrix.values = normal_values(matrix.values.size(), deviation_, derive_key(seed_, stream_++));
    for (int64_t row = 0; row < matrix.rows; ++row) {
      for (int64_t column = 0; column < kConstants; ++column) matrix.at(row, column) = 0;
    }
    return matrix;
  }

  /// Query and key that see the constants only and agree best at `distance`: with k = 1 on every pair and
  /// q = e^{-i·distance·θ}, the rotated product is cos((t - u - distance)·θ). Pairs are (j, j + head_dim/2).
  std::pair<Matrix, Matrix> looks_back(int64_t distance) const {
    Matrix query(config_.head_dim, config_.dim), key(config_.head_dim, config_.dim);
    const int64_t pairs = config_.head_dim / 2;
    const auto size = static_cast<float>(3 * deviation_);
    for (int64_t pair = 0; pair < pairs; ++pair) {
      const double theta = std::pow(config_.rope.base, -static_cast<double>(pair) / static_cast<double>(pairs));
      const double angle = static_cast<double>(distance) * theta;
      for (int64_t column = 0; column < kConstants; ++column) {
        key.at(pair, column) = size;
        if (theta <= kSharpest) continue;
        query.at(pair, column) = size * static_cast<float>(std::cos(angle));
        query.at(pair + pairs, column) = -size * static_cast<float>(std::sin(angle));
      }
    }
    return {query, key};
  }

  void embedding() {
    Matrix matrix(config_.vocabulary, config_.dim);
    matrix.values = normal_values(matrix.values.size(), kEmbedding, derive_key(seed_, stream_++));
    for (int64_t row = 0; row < matrix.rows; ++row) {
      for (int64_t column = 0; column < kConstants; ++column) matrix.at(row, column) = kEmbedding;
    }
    store_.backend().upload(store_.embedding, matrix.values.data());
  }

  void norms() {
    std::vector<float> weights(static_cast<size_t>(config_.dim), 1.0f);
    std::fill_n(weights.begin(), kConstants, kConstantGain);
    store_.backend().upload(store_.layers.front().attention_norm, weights.data());
    std::fill(weights.begin(), weights.end(), kOutputNorm);
    std::fill_n(weights.begin(), kConstants, kOutputNormConstant);
    store_.backend().upload(store_.output_norm, weights.data());
  }

  static void place_rows(Matrix& target, Matrix& part, int64_t head) {
    for (int64_t row = 0; row < part.rows; ++row) {
      for (int64_t column = 0; column < part.columns; ++column) {
        target.at(head * part.rows + row, column) = part.at(row, column);
      }
    }
  }

  static void place_columns(Matrix& target, Matrix& part, int64_t head) {
    for (int64_t row = 0; row < part.rows; ++row) {
      for (int64_t column = 0; column < part.columns; ++column) {
        target.at(column, head * part.rows + row) = part.at(row, column);
      }
    }
  }

  void upload(LayerGradients& layer, Projection projection, const Matrix& matrix) {
    store_.backend().upload(layer.projections[static_cast<size_t>(projection)], matrix.values.data());
  }

  ParameterStore& store_;
  const ModelConfig& config_;
  uint64_t seed_, stream_ = 0;
  double deviation_;
};

}  // namespace

void start_with_copying(ParameterStore& store, const ModelConfig& config, uint64_t seed) {
  if (config.layers < 2 || config.heads < 2 || config.groups != config.heads || config.dim <= kConstants ||
      config.query_width() != config.dim) {
    throw Error("recipe.value", "the copying start needs two layers and two heads with keys of their own, not " +
                                    std::to_string(config.layers) + " layers, " + std::to_string(config.heads) +
                                    " heads and " + std::to_string(config.groups) + " key heads");
  }
  CopyingStart(store, config, seed).run();
}

}  // namespace hone
