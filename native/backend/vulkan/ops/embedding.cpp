#include "ops/embedding.h"

#include "backend/vulkan/backend.h"

namespace hone::vulkan {
namespace {

void embedding(Backend& any, const ops::Embedding& op) {
  const struct {
    WeightView table;
    uint64_t y, ids;
    uint32_t rows, columns, table_rows, y_stride, ids_stride;
    float scale;
  } parameters{weight_view(op.table), address_of(op.y),    address_of(op.ids), u32(op.y.rows), u32(op.y.columns),
               u32(op.table.rows),   u32(op.y.stride),    u32(op.ids.stride), op.scale};
  const Grid grid = grid_for(op.y.rows, (op.y.columns + 3) / 4);
  vulkan_of(any).dispatch("embedding", {grid.threads, static_cast<uint32_t>(op.table.dtype)}, grid.groups, parameters,
                          {reads(op.ids), reads(op.table), writes(op.y)});
}

void embedding_backward(Backend& any, const ops::EmbeddingBackward& op) {
  const struct {
    uint64_t dy, table, ids;
    uint32_t rows, columns, dy_stride, table_stride, ids_stride;
    float scale;
  } parameters{address_of(op.dy),  address_of(op.dtable), address_of(op.ids),    u32(op.dy.rows),   u32(op.dy.columns),
               u32(op.dy.stride), u32(op.dtable.stride), u32(op.ids.stride), op.scale};
  const Grid grid = grid_for(1, op.dy.columns);
  vulkan_of(any).dispatch("embedding_backward", {grid.threads}, grid.groups, parameters,
                          {reads(op.ids), reads(op.dy), writes(op.dtable)});
}

const Kernel<ops::Embedding> forward_kernel(BackendKind::vulkan, embedding);
const Kernel<ops::EmbeddingBackward> backward_kernel(BackendKind::vulkan, embedding_backward);

}  // namespace
}  // namespace hone::vulkan
