#pragma once

#include "model/lora.h"
#include "model/model.h"
#include "train/trainer.h"
#include "train/training_pass.h"

#include <span>
#include <vector>

namespace hone {

/// Loss and accuracy of a model, with `adapters` at work, on the targets of examples, each one by itself. Needs little
/// memory. Errors: "data.token" for an id outside the vocabulary.
LossSums evaluate_examples(Backend& backend, const Model& model, const std::vector<ActiveAdapter>& adapters,
                           std::span<const Example> examples);

}  // namespace hone
