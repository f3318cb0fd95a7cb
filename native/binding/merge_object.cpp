#include "binding/merge_object.h"

#include "binding/adapter_object.h"
#include "binding/convert.h"
#include "binding/progress_job.h"
#include "core/error.h"
#include "model/merge/merge.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hone::binding {
namespace {

constexpr Choice<EmbeddingChoice> kEmbeddings[] = {{"keep", EmbeddingChoice::keep},
                                                   {"shrink", EmbeddingChoice::shrink}};

struct Request {
  MergeOptions options;
  std::vector<AdapterUse> adapters;
};

Request to_request(const Fields& fields, const std::shared_ptr<const ResidentModel>& base) {
  return {{.target = &find_merge_target(fields.string("type")),
           .embedding = fields.choice("embedding", kEmbeddings),
           .metadata = to_string_pairs(fields.get("metadata"), fields.path("metadata")),
           .assume_changed = fields.has("assumeChanged") && fields.boolean("assumeChanged")},
          to_adapter_uses(fields.get("adapters"), fields.path("adapters"), base)};
}

/// What of a plan a person wants to know.
struct Summary {
  struct Share {
    int64_t tensors = 0;
    uint64_t bytes = 0;
  };
  uint64_t file_bytes = 0;
  int64_t changed = 0;  ///< matrices that an adapter changes
  std::map<std::string, Share> types;
  std::vector<std::string> notes;
};

Summary summarise(const MergePlan& plan) {
  Summary summary{.file_bytes = plan.file_bytes, .changed = 0, .types = {}, .notes = plan.notes};
  for (const MergedTensor& tensor : plan.tensors) {
    summary.changed += !tensor.pairs.empty();
    Summary::Share& share = summary.types[std::string(traits(tensor.target.dtype).name)];
    ++share.tensors;
    share.bytes += tensor.target.bytes;
  }
  return summary;
}

Napi::Object from_summary(Napi::Env env, const Summary& summary) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("fileBytes", static_cast<double>(summary.file_bytes));
  object.Set("changed", static_cast<double>(summary.changed));
  Napi::Array types = Napi::Array::New(env);
  for (const auto& [dtype, share] : summary.types) {
    Napi::Object item = Napi::Object::New(env);
    item.Set("dtype", dtype);
    item.Set("tensors", static_cast<double>(share.tensors));
    item.Set("bytes", static_cast<double>(share.bytes));
    types.Set(types.Length(), item);
  }
  object.Set("types", types);
  Napi::Array notes = Napi::Array::New(env);
  for (const std::string& note : summary.notes) notes.Set(notes.Length(), note);
  object.Set("notes", notes);
  return object;
}

}  // namespace

Napi::Object plan_merge_request(Napi::Env env, const std::shared_ptr<const ResidentModel>& base,
                                const Napi::Value& value) {
  const Request request = to_request(Fields(value, "request"), base);
  return from_summary(env, summarise(plan_merge(base->model(), active_adapters(request.adapters), request.options)));
}

Napi::Object start_merge(Napi::Env env, std::shared_ptr<const ResidentModel> base, const Napi::Value& value,
                         const Napi::Value& on_progress) {
  if (base->options().device.starts_with("vulkan")) {
    throw Error("merge.device", "a model in the memory of a graphics card cannot be merged", "Open it on the CPU.");
  }
  const Fields fields(value, "request");
  auto request = to_request(fields, base);
  const auto work = [base, request = std::move(request), path = fields.string("target")](
                        const ProgressJob<Summary>::Report& report, const std::atomic<bool>& stop) {
    const MergePlan plan = plan_merge(base->model(), active_adapters(request.adapters), request.options);
    const auto progress = [&](uint64_t done, uint64_t total) {
      report(static_cast<double>(done), static_cast<double>(total));
    };
    write_merge(base->model(), plan, path, base->options().threads, progress, stop);
    return summarise(plan);
  };
  return start_progress_job<Summary>(env, "hone merge", work, from_summary, to_function(on_progress, "onProgress"));
}

}  // namespace hone::binding
