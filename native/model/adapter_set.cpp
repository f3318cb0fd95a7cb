#include "model/adapter_set.h"

#include <algorithm>

namespace hone {

AdapterSet::AdapterSet(Arena& arena, const ModelConfig& config, std::span<const ActiveAdapter> adapters, int64_t tokens,
                       bool keep_all)
    : config_(&config), adapters_(adapters.begin(), adapters.end()), keep_all_(keep_all) {
  u_.resize(keep_all ? static_cast<size_t>(config.layers) : 1);
  for (size_t slot = 0; slot < u_.size(); ++slot) {
    for (const auto projection : kAllProjections) {
      auto& tensors = u_[slot][static_cast<size_t>(projection)];
      for (const auto& active : adapters_) {
        int64_t rank = 0;
        for (const auto& pair : active.adapter->pairs()) {
          const bool here = pair.projection == projection && pair.layer >= 0;
          if (here && (!keep_all || pair.layer == static_cast<int64_t>(slot))) rank = std::max(rank, pair.rank());
        }
        tensors.push_back(rank ? arena.make(tokens, rank) : Tensor{});
      }
    }
  }
}

std::array<std::vector<LoraUse>, kProjections> AdapterSet::layer(int64_t layer, int64_t tokens,
                                                                 const LoraAdapter* trained,
                                                                 const LoraAdapter* gradients) const {
  std::array<std::vector<LoraUse>, kProjections> uses;
  for (const auto projection : kAllProjections) {
    const auto index = static_cast<size_t>(projection);
    for (size_t i = 0; i < adapters_.size(); ++i) {
      const LoraAdapter& adapter = *adapters_[i].adapter;
      const LoraPair* pair = adapter.find(layer, projection);
      if (!pair) continue;
      LoraUse use;
      use.target = projection;
      use.a = pair->a;
      use.b = pair->b;
      use.scale = adapter.scale(*pair, adapters_[i].strength);
      use.u = u_[keep_all_ ? static_cast<size_t>(layer) : 0][index][i];
      use.u.rows = tokens;
      use.u.columns = use.u.stride = pair->rank();
      if (trained == &adapter && gradients) {
        const LoraPair* gradient = gradients->find(layer, projection);
        use.da = gradient->a;
        use.db = gradient->b;
      }
      int64_t begin = 0;
      for (const auto part : projection_parts(projection)) {
        const int64_t rows = config_->outputs(part);
        LoraUse share = use;
        share.b = use.b.slice_rows(begin, rows);
        if (use.db) share.db = use.db.slice_rows(begin, rows);
        uses[static_cast<size_t>(part)].push_back(share);
        begin += rows;
      }
    }
  }
  return uses;
}

}  // namespace hone
