#include "ops/attention.h"

#include "backend/vulkan/backend.h"

#include <algorithm>

namespace hone::vulkan {
namespace {

constexpr int64_t kFew = 16, kMany = 32;    ///< rows of a workgroup and keys of a step, in the shaders
constexpr int64_t kEnoughGroups = 64;       ///< workgroups that keep a GPU busy
constexpr int64_t kShortestPart = 128;      ///< keys

uint32_t threads_for(int64_t head) { return head > 128 ? 256 : head > 64 ? 128 : 64; }

int64_t tiles(int64_t count, int64_t tile) { return (count + tile - 1) / tile; }

void join_parts(VulkanBackend& backend, const ops::Attention& op, const Tensor& parts, int64_t rows, int64_t count) {
  const int64_t head = op.q.columns / op.heads;
  const struct {
    uint64_t parts, o, lse;
    uint32_t rows, heads, groups, head, count, o_stride, lse_stride, unused;
  } parameters{address_of(parts), address_of(op.o), address_of(op.lse), u32(rows),       u32(op.heads),
               u32(op.groups),    u32(head),        u32(count),         u32(op.o.stride), u32(op.lse.stride), 0};
  backend.dispatch("attention_parts", {threads_for(head), bool(op.lse)}, {u32(rows), u32(op.groups), 1}, parameters,
                   {reads(parts), writes(op.o), writes(op.lse)});
}

void attention(Backend& any, const ops::Attention& op) {
  VulkanBackend& backend = vulkan_of(any);
  ensure(op.k.dtype == DType::F32, "attention: a GPU reads float32 keys and values only");
  if (op.q.rows == 0) return;
  const int64_t head = op.q.columns / op.heads, rows = op.q.rows * (op.heads / op.groups), keys = op.k.rows;
  const int64_t row_tiles = tiles(rows, kFew);
  int64_t parts = 1;
  if (row_tiles * op.groups < kEnoughGroups) {
    parts = std::clamp<int64_t>(kEnoughGroups / (row_tiles * op.groups), 1, std::max<int64_t>(1, keys / kShortestPart));
  }
  const int64_t keys_per_part = tiles(tiles(keys, parts), kMany) * kMany;
  parts = tiles(keys, keys_per_part);
  const bool whole = parts == 1;
  const Tensor left = whole ? Tensor{} : backend.scratch(Scratch::partial, parts * op.groups * rows, head + 2);
  const struct {
    uint64_t q, k, v, o, lse, parts, key_begin;
    uint32_t tokens, heads, groups, past;
    uint32_t q_stride, k_stride, v_stride, o_stride, lse_stride, begin_stride, keys_per_part;
    float scale;
  } parameters{address_of(op.q),
               address_of(op.k),
               address_of(op.v),
               address_of(op.o),
               address_of(op.lse),
               address_of(left),
               address_of(op.key_begin),
               u32(op.q.rows),
               u32(op.heads),
               u32(op.groups),
               u32(op.past),
               u32(op.q.stride),
               u32(op.k.stride),
               u32(op.v.stride),
               u32(op.o.stride),
               u32(op.lse.stride),
               u32(op.key_begin.stride),
               u32(keys_per_part),
               op.scale};
  const Tensor none;
  backend.dispatch("attention", {threads_for(head), u32(head), !whole, op.lse && whole},
                   {u32(row_tiles), u32(op.groups), u32(parts)}, parameters,
                   {reads(op.q), reads(op.k), reads(op.v), reads(op.key_begin), writes(whole ? op.o : none),
                    writes(whole ? op.lse : none), writes(left)});
  if (!whole) join_parts(backend, op, left, rows, parts);
}

void dots(VulkanBackend& backend, const ops::AttentionBackward& op, const Tensor& out) {
  const struct {
    uint64_t o, d_o, dots;
    uint32_t rows, heads, head, o_stride, d_o_stride, unused;
  } parameters{address_of(op.o), address_of(op.d_o),           address_of(out),  u32(op.q.rows),
               u32(op.heads),    u32(op.q.columns / op.heads), u32(op.o.stride), u32(op.d_o.stride), 0};
  const Grid grid = grid_for(op.q.rows, op.heads);
  backend.dispatch("attention_dots", {grid.threads}, grid.groups, parameters,
                   {reads(op.o), reads(op.d_o), writes(out)});
}

void queries(VulkanBackend& backend, const ops::AttentionBackward& op, const Tensor& dots) {
  const int64_t head = op.q.columns / op.heads, rows = op.q.rows * (op.heads / op.groups);
  const struct {
    uint64_t q, k, v, lse, d_o, dots, dq, key_begin;
    uint32_t tokens, heads, groups;
    uint32_t q_stride, k_stride, v_stride, lse_stride, d_o_stride, dq_stride, begin_stride;
    float scale;
    uint32_t unused;
  } parameters{address_of(op.q),
               address_of(op.k),
               address_of(op.v),
               address_of(op.lse),
               address_of(op.d_o),
               address_of(dots),
               address_of(op.dq),
               address_of(op.key_begin),
               u32(op.q.rows),
               u32(op.heads),
               u32(op.groups),
               u32(op.q.stride),
               u32(op.k.stride),
               u32(op.v.stride),
               u32(op.lse.stride),
               u32(op.d_o.stride),
               u32(op.dq.stride),
               u32(op.key_begin.stride),
               op.scale,
               0};
  backend.dispatch("attention_backward_queries", {threads_for(head), u32(head)},
                   {u32(tiles(rows, kFew)), u32(op.groups), 1}, parameters,
                   {reads(op.q), reads(op.k), reads(op.v), reads(op.lse), reads(op.d_o), reads(dots),
                    reads(op.key_begin), writes(op.dq)});
}

void keys(VulkanBackend& backend, const ops::AttentionBackward& op, const Tensor& dots) {
  const int64_t head = op.q.columns / op.heads;
  const struct {
    uint64_t q, k, v, lse, d_o, dots, dk, dv, key_begin;
    uint32_t tokens, heads, groups;
    uint32_t q_stride, k_stride, v_stride, lse_stride, d_o_stride, dk_stride, dv_stride, begin_stride;
    float scale;
  } parameters{address_of(op.q),
               address_of(op.k),
               address_of(op.v),
               address_of(op.lse),
               address_of(op.d_o),
               address_of(dots),
               address_of(op.dk),
               address_of(op.dv),
               address_of(op.key_begin),
               u32(op.q.rows),
               u32(op.heads),
               u32(op.groups),
               u32(op.q.stride),
               u32(op.k.stride),
               u32(op.v.stride),
               u32(op.lse.stride),
               u32(op.d_o.stride),
               u32(op.dk.stride),
               u32(op.dv.stride),
               u32(op.key_begin.stride),
               op.scale};
  backend.dispatch("attention_backward_keys", {threads_for(head), u32(head)},
                   {u32(tiles(op.k.rows, kFew)), u32(op.groups), 1}, parameters,
                   {reads(op.q), reads(op.k), reads(op.v), reads(op.lse), reads(op.d_o), reads(dots),
                    reads(op.key_begin), writes(op.dk), writes(op.dv)});
}

void attention_backward(Backend& any, const ops::AttentionBackward& op) {
  VulkanBackend& backend = vulkan_of(any);
  if (op.q.rows == 0) return;
  const Tensor corrections = backend.scratch(Scratch::values, op.q.rows, op.heads);
  dots(backend, op, corrections);
  queries(backend, op, corrections);
  keys(backend, op, corrections);
}

const Kernel<ops::Attention> forward_kernel(BackendKind::vulkan, attention);
const Kernel<ops::AttentionBackward> backward_kernel(BackendKind::vulkan, attention_backward);

}  // namespace
}  // namespace hone::vulkan
