#pragma once

#include "model/adapter_content.h"
#include "model/lora.h"
#include "model/model.h"
#include "model/weights.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hone {

/// Mean loss of one sequence, and its gradient with respect to every matrix of an adapter.
struct AdapterGradients {
  double loss = 0;
  double norm = 0;  ///< of all gradients together
  std::vector<NamedMatrix> matrices;
};

struct AdamWSettings {
  float learning_rate = 1e-4f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, weight_decay = 0;
};

/// An adapter after some steps on the same sequence, without clipping.
struct AdapterSteps {
  std::vector<double> losses;  ///< before each step, and after the last
  std::vector<NamedMatrix> matrices;
};

/// `learned[i]` says whether token i is a target; the first never is. Errors: "generate.token" for ids outside the
/// vocabulary, "gradients.targets" when nothing is learned. For checking the engine against recorded numbers: a
/// training run does the same and more (train/trainer.h).
AdapterGradients adapter_gradients(Backend& backend, const Model& model, const LoraAdapter& adapter,
                                   std::span<const int32_t> tokens, std::span<const uint8_t> learned,
                                   ActivationMode activations);

/// The same sequence again and again; `adapter` itself stays as it is.
AdapterSteps adapter_steps(Backend& backend, const Model& model, const LoraAdapter& adapter,
                           std::span<const int32_t> tokens, std::span<const uint8_t> learned,
                           ActivationMode activations, const AdamWSettings& settings, int64_t steps);

}  // namespace hone
