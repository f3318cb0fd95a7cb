#include "backend/vulkan/ops/product.h"

#include <algorithm>
#include <cmath>

namespace hone::vulkan {
namespace {

constexpr int64_t kStep = 16;           ///< of k, in the shader
constexpr int64_t kEnoughGroups = 64;   ///< workgroups that keep a GPU busy
constexpr int64_t kShortestPart = 256;  ///< of k: below this a part costs more than it gives
constexpr uint32_t kVectorThreads = 64, kVectorOutputs = 2;

struct DropParameters {
  uint64_t key = 0;
  uint32_t dropped = 0;
  float kept = 1;
};

/// uniform < rate is asked of the 24 bits of a random number themselves.
DropParameters drop_parameters(const Product& product) {
  if (product.drop == Product::Drop::none) return {};
  const double rate = product.dropout.rate;
  return {product.dropout.key, static_cast<uint32_t>(std::ceil(rate * 0x1p24)), static_cast<float>(1 / (1 - rate))};
}

void vector_product(VulkanBackend& backend, const Product& p) {
  const struct {
    uint64_t x, y;
    WeightView w;
    uint32_t outputs, columns, x_stride, y_stride;
    float factor;
    uint32_t unused;
  } parameters{address_of(p.a),    address_of(p.c),  weight_view(p.b), u32(p.b.rows),
               u32(p.b.columns), u32(p.a.stride), u32(p.c.stride), p.factor, 0};
  backend.dispatch(backend.with_subgroups("vector_product"),
                   {kVectorThreads, static_cast<uint32_t>(p.b.dtype), u32(p.a.rows), kVectorOutputs, p.accumulate},
                   {groups_for(p.b.rows, kVectorOutputs), 1, 1}, parameters,
                   {reads(p.a), reads(p.b), writes(p.c)});
}

void add_parts(VulkanBackend& backend, const Product& p, const Tensor& parts, int64_t count) {
  const DropParameters drop = drop_parameters(p);
  const struct {
    uint64_t parts, c, key;
    uint32_t rows, columns, count, c_row;
    float factor;
    uint32_t dropped;
    float kept;
    uint32_t unused;
  } parameters{address_of(parts), address_of(p.c), drop.key, u32(p.c.rows), u32(p.c.columns), u32(count),
               u32(p.c.stride),   p.factor,        drop.dropped, drop.kept, 0};
  const Grid grid = grid_for(p.c.rows, p.c.columns);
  backend.dispatch("product_parts", {grid.threads, p.drop == Product::Drop::c, p.accumulate}, grid.groups, parameters,
                   {reads(parts), writes(p.c)});
}

/// The variant of matrix_product to use, or "" where the product is float32: small ones, those of adapters, and where
/// the device cannot or must not.
std::string matrix_shader(const VulkanBackend& backend, const Product& p) {
  const bool fits = p.b.dtype != DType::F32 && !p.a_transposed && p.drop == Product::Drop::none && p.a.rows > 16 &&
                    p.c.columns >= 32 && p.a.columns >= 32;
  const MatrixUnits units = backend.options().matrix_units;
  if (!fits || units == MatrixUnits::off) return {};
  if (units == MatrixUnits::emulated) return backend.facts().float16 ? "matrix_product.emulated" : "";
  return backend.facts().cooperative_matrix ? "matrix_product" : "";
}

void matrix_product(VulkanBackend& backend, const std::string& shader, const Product& p) {
  const Tensor powers = backend.scratch(Scratch::steps, 1, p.a.rows);
  const struct {
    uint64_t x, powers;
    uint32_t rows, columns, x_stride, unused;
  } rows{address_of(p.a), address_of(powers), u32(p.a.rows), u32(p.a.columns), u32(p.a.stride), 0};
  backend.dispatch("row_powers", {}, {groups_for(p.a.rows, 1), 1, 1}, rows, {reads(p.a), writes(powers)});
  const struct {
    uint64_t a, c, powers;
    WeightView b;
    uint32_t tall, wide, deep, a_stride, c_stride;
    float factor;
  } parameters{address_of(p.a),     address_of(p.c),    address_of(powers), weight_view(p.b), u32(p.c.rows),
               u32(p.c.columns), u32(p.a.columns), u32(p.a.stride),    u32(p.c.stride),  p.factor};
  const uint32_t threads = backend.options().matrix_units == MatrixUnits::emulated ? 64 : 128;
  const uint32_t subgroups = std::max(1u, threads / backend.facts().subgroup);
  const uint32_t fragments = (16 + subgroups - 1) / subgroups;
  backend.dispatch(shader, {threads, static_cast<uint32_t>(p.b.dtype), p.b_along_k, p.accumulate, fragments},
                   {u32((p.c.columns + 63) / 64), u32((p.c.rows + 63) / 64), 1}, parameters,
                   {reads(p.a), reads(powers), reads(p.b), writes(p.c)});
}

}  // namespace

void run_product(VulkanBackend& backend, const Product& p) {
  const int64_t tall = p.c.rows, wide = p.c.columns, deep = p.a_transposed ? p.a.rows : p.a.columns;
  if (tall == 0 || wide == 0) return;
  if (tall <= kFewTokens && p.b_along_k && !p.a_transposed && p.drop == Product::Drop::none) {
    return vector_product(backend, p);
  }
  if (const std::string shader = matrix_shader(backend, p); !shader.empty()) return matrix_product(backend, shader, p);
  // Ranks of adapters are narrow.
  const uint32_t tall_tile = tall > 16 ? 4 : 1, wide_tile = wide > 16 ? 4 : 1;
  const auto tiles = [](int64_t extent, uint32_t tile) { return (extent + 16 * tile - 1) / (16 * tile); };
  const int64_t columns = tiles(wide, wide_tile), rows = tiles(tall, tall_tile);
  int64_t parts = 1;
  if (columns * rows < kEnoughGroups) {
    parts = std::clamp<int64_t>(kEnoughGroups / (columns * rows), 1, std::max<int64_t>(1, deep / kShortestPart));
  }
  const int64_t part = ((deep + parts - 1) / parts + kStep - 1) / kStep * kStep;
  parts = std::max<int64_t>(1, (deep + part - 1) / part);
  const bool whole = parts == 1;
  const Tensor c = whole ? p.c : backend.scratch(Scratch::partial, parts * tall, wide);
  const bool drops_now = p.drop == Product::Drop::a || p.drop == Product::Drop::b || whole;
  const DropParameters drop = drop_parameters(p);
  const struct {
    uint64_t a, c;
    WeightView b;
    uint64_t key;
    uint32_t tall, wide, deep, a_row, a_column, c_row, deep_part;
    float factor;
    uint32_t dropped;
    float kept;
  } parameters{address_of(p.a),
               address_of(c),
               weight_view(p.b),
               drop.key,
               u32(tall),
               u32(wide),
               u32(deep),
               p.a_transposed ? 1 : u32(p.a.stride),
               p.a_transposed ? u32(p.a.stride) : 1,
               u32(c.stride),
               u32(part),
               whole ? p.factor : 1.0f,
               drop.dropped,
               drop.kept};
  backend.dispatch("product",
                   {static_cast<uint32_t>(p.b.dtype), p.b_along_k, tall_tile, wide_tile,
                    drops_now ? static_cast<uint32_t>(p.drop) : 0, whole && p.accumulate},
                   {u32(columns), u32(rows), u32(parts)}, parameters, {reads(p.a), reads(p.b), writes(c)});
  if (!whole) add_parts(backend, p, c, parts);
}

}  // namespace hone::vulkan
