#include "infer/session.h"

#include "core/error.h"

#include <string>

namespace hone {

Session::Session(const ResidentModel& base, int64_t positions, ActivationMode activations)
    : Session(base, positions, activations, base.options().cache) {}

Session::Session(const ResidentModel& base, int64_t positions, ActivationMode activations, DType cache)
    : backend_(base.make_backend()),
      decoder_(*backend_, base.model().config(), base.model().weights(),
               {.positions = positions, .activations = activations}),
      cache_(*backend_, base.model().config(), positions,
             backend_->kind() == BackendKind::vulkan ? DType::F32 : cache) {}

void check_prompt(const ResidentModel& base, std::span<const int32_t> tokens) {
  if (tokens.empty()) throw Error("generate.prompt", "the prompt has no tokens", "Write something first.");
  if (static_cast<int64_t>(tokens.size()) > base.context()) {
    throw Error("generate.context",
                "the prompt has " + std::to_string(tokens.size()) + " tokens but the model's context holds " +
                    std::to_string(base.context()),
                "Shorten the conversation or begin a new one.");
  }
}

}  // namespace hone
