#pragma once

#include "model/config.h"
#include "train/parameter_store.h"

#include <cstdint>

namespace hone {

/// Starting values with which a model repeats words of its context before it has learned anything. A random start
/// finds this circuit by itself, but only after millions of tokens; a small model has no time for that.
///
/// - A few directions of the embedding hold the same number for every token. Layer 0 attends by them alone, hence by
///   distance only: its first head looks at the token before, its second at the one before that, and both write what
///   they find into directions of their own.
/// - In layers 1 and 2 the first head looks for tokens whose predecessor equals the current token, the second for
///   tokens whose predecessor but one equals the current predecessor (words are separated by a token of their own).
/// - Everywhere else queries equal keys, so that heads look for what resembles the current token.
/// - Every head writes back what it read (output = values transposed), which with a tied head makes the token it
///   looked at more likely.
///
/// Norms and embedding start at sizes that leave the first predictions nearly uniform. Needs as many key heads as
/// query heads, two heads and two layers at least; Error "recipe.value" otherwise.
void start_with_copying(ParameterStore& store, const ModelConfig& config, uint64_t seed);

}  // namespace hone
