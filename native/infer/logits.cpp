#include "infer/logits.h"

#include "infer/session.h"

namespace hone {

std::vector<float> all_logits(const ResidentModel& base, std::span<const int32_t> tokens,
                              std::span<const ActiveAdapter> adapters, ActivationMode activations) {
  check_prompt(base, tokens);
  Session session(base, static_cast<int64_t>(tokens.size()), activations, DType::F32);
  return session.decoder().all_logits(tokens, session.cache(), adapters);
}

}  // namespace hone
