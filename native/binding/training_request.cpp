#include "binding/training_request.h"

#include "binding/convert.h"
#include "core/error.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hone::binding {
namespace {

constexpr double kAny = std::numeric_limits<float>::max();
constexpr int64_t kSteps = int64_t{1} << 40;

constexpr Choice<Schedule> kSchedules[] = {
    {"constant", Schedule::constant}, {"linear", Schedule::linear}, {"cosine", Schedule::cosine}};

/// The names of shared/models/model.ts.
constexpr Choice<Projection> kProjectionNames[] = {
    {"q", Projection::q},       {"k", Projection::k},   {"v", Projection::v},      {"o", Projection::output},
    {"gate", Projection::gate}, {"up", Projection::up}, {"down", Projection::down}};

/// { q: 16, v: 4 }.
std::map<Projection, int64_t> to_ranks(const Napi::Value& value, const std::string& name) {
  const Fields fields(value, name);
  std::map<Projection, int64_t> ranks;
  for (const auto& [word, projection] : kProjectionNames) {
    const std::string key(word);
    if (fields.has(key.c_str())) ranks[projection] = fields.integer(key.c_str(), 1, 1 << 20);
  }
  return ranks;
}

std::vector<Projection> to_projections(const Napi::Array& array, const std::string& name) {
  std::vector<Projection> projections;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    projections.push_back(to_choice(array.Get(i), name + "[" + std::to_string(i) + "]", kProjectionNames));
  }
  return projections;
}

/// Into how many equal parts a batch is cut: the smallest number from `wanted` on that divides it.
int64_t parts_of(int64_t batch_size, int64_t wanted) {
  int64_t parts = std::min(wanted, batch_size);
  while (batch_size % parts != 0) ++parts;
  return parts;
}

}  // namespace

double to_duty(const Napi::Value& value, const std::string& name) { return to_number(value, name, 0.01, 1); }

std::vector<Example> to_examples(const Napi::Value& value, const std::string& name) {
  const Fields fields(value, name);
  const std::vector<int32_t> tokens = fields.int32s("tokens");
  const std::vector<uint8_t> mask = fields.bytes("mask");
  const std::vector<int32_t> offsets = fields.int32s("offsets");
  if (mask.size() != tokens.size()) {
    throw Error("addon.argument", "\"" + name + "\" has " + std::to_string(tokens.size()) + " tokens but a mask of " +
                                      std::to_string(mask.size()));
  }
  const bool whole = !offsets.empty() && offsets.front() == 0 && std::is_sorted(offsets.begin(), offsets.end()) &&
                     static_cast<size_t>(offsets.back()) == tokens.size();
  if (!whole) {
    throw Error("addon.argument", "\"" + fields.path("offsets") +
                                      "\" must begin with 0, never fall, and end with the number of tokens, " +
                                      std::to_string(tokens.size()));
  }
  std::vector<Example> examples;
  for (size_t i = 0; i + 1 < offsets.size(); ++i) {
    examples.push_back({.tokens = {tokens.begin() + offsets[i], tokens.begin() + offsets[i + 1]},
                        .targets = {mask.begin() + offsets[i], mask.begin() + offsets[i + 1]}});
  }
  return examples;
}

SettledRecipe to_recipe(const Napi::Value& value, const std::string& name) {
  const Fields fields(value, name);
  SettledRecipe settled;
  Recipe& recipe = settled.recipe;
  recipe.rank = fields.integer("rank", 1, 1 << 20);
  if (fields.has("ranks")) recipe.ranks = to_ranks(fields.get("ranks"), fields.path("ranks"));
  recipe.alpha = static_cast<float>(fields.number("alpha", -kAny, kAny));
  recipe.rank_stabilised = fields.boolean("rankStabilised");
  recipe.dropout = static_cast<float>(fields.number("dropout", 0, 1));
  if (fields.has("embeddingNoise")) {
    recipe.embedding_noise = static_cast<float>(fields.number("embeddingNoise", 0, kAny));
  }
  recipe.projections = to_projections(fields.array("projections"), fields.path("projections"));
  recipe.learning_rate = static_cast<float>(fields.number("learningRate", 0, kAny));
  recipe.weight_decay = static_cast<float>(fields.number("weightDecay", 0, kAny));
  recipe.clip_norm = static_cast<float>(fields.number("clipNorm", 0, kAny));
  recipe.schedule = fields.choice("schedule", kSchedules);
  recipe.warmup_steps = fields.integer("warmupSteps", 0, kSteps);
  recipe.max_steps = fields.integer("totalSteps", 1, kSteps);
  const int64_t batch_size = fields.integer("batchSize", 1, 1 << 20);
  recipe.accumulation = parts_of(batch_size, fields.integer("accumulation", 1, 1 << 20));
  recipe.batch_size = batch_size / recipe.accumulation;
  recipe.max_length = fields.integer("contextLength", 1, std::numeric_limits<int32_t>::max());
  recipe.packing = fields.boolean("packing");
  recipe.checkpointing = fields.boolean("activationCheckpointing");
  recipe.validate_every = fields.integer("validateEvery", 0, kSteps);
  recipe.patience = fields.integer("patience", 0, kSteps);
  recipe.seed = static_cast<uint64_t>(fields.integer("seed", 0, (int64_t{1} << 53) - 1));
  settled.checkpoint_every = fields.integer("checkpointEvery", 0, kSteps);
  return settled;
}

TrainingRequest to_training_request(const Napi::Value& value) {
  const Fields fields(value, "request");
  TrainingRequest request;
  SettledRecipe settled = to_recipe(fields.get("recipe"), "request.recipe");
  request.recipe = std::move(settled.recipe);
  request.checkpoint_every = settled.checkpoint_every;
  request.data.train = to_examples(fields.get("train"), "request.train");
  request.data.validation = to_examples(fields.get("validation"), "request.validation");
  request.checkpoint_path = fields.string("checkpointPath");
  if (fields.has("keepFolder")) request.keep_folder = fields.string("keepFolder");
  if (fields.has("lastStep")) request.last_step = fields.integer("lastStep", 0, kSteps);
  if (fields.has("duty")) request.duty = to_duty(fields.get("duty"), "request.duty");
  request.resume = fields.boolean("resume");
  request.adapter_path = fields.string("adapterPath");
  request.metadata = to_string_pairs(fields.get("metadata"), "request.metadata");
  return request;
}

}  // namespace hone::binding
