#include "backend/backend.h"
#include "gguf/reader.h"
#include "train/pretrain.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// Trains a small BitNet model from nothing. Usage: see `kUsage`.
namespace {

constexpr const char* kUsage = R"(hone_pretrain --vocab-gguf FILE --tokens FILE --out FILE [settings]

  --vocab-gguf FILE   GGUF whose general.* and tokenizer.* keys are copied into the model
  --tokens FILE       little-endian u16: token ids, with bit 15 set on those that are given and not learned;
                      65535 ends a document
  --out FILE          the GGUF model to write (also after an interruption)
  --checkpoint FILE   state of the run, written every few minutes; continues from it when it exists
  --start-from FILE   checkpoint of another run whose weights are the start
  --checkpoint-minutes M (3)   --log-every STEPS (20)   --validate-every STEPS (200)   --threads N (all)
  --dim 256  --ffn 768  --layers 5  --heads 4  --kv-heads 4  --context 512  --rope-base 10000
  --copying-start 0 (1: heads that copy from the beginning)
  --steps 1000  --batch-tokens 8192  --micro-tokens 2048  --lr 2e-3  --warmup 200  --floor 0.05
  --weight-decay 0.05  --clip 1  --seed 1  --validation DOCUMENTS (0)
)";

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) { interrupted = 1; }

class Flags {
 public:
  Flags(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
      if (std::strncmp(argv[i], "--", 2) != 0 || i + 1 >= argc) {
        throw hone::Error("usage", std::string("unexpected argument ") + argv[i]);
      }
      values_[argv[i] + 2] = argv[i + 1];
    }
  }

  std::string text(const std::string& name, const std::string& fallback = {}) {
    const auto found = values_.find(name);
    if (found == values_.end()) return fallback;
    std::string value = found->second;
    values_.erase(found);
    return value;
  }

  std::string required(const std::string& name) {
    const std::string value = text(name);
    if (value.empty()) throw hone::Error("usage", "--" + name + " is missing");
    return value;
  }

  template <class T>
  void read(const std::string& name, T& value) {
    const std::string found = text(name);
    if (found.empty()) return;
    size_t used = 0;
    double number = 0;
    try {
      number = std::stod(found, &used);
    } catch (const std::logic_error&) {
      used = 0;
    }
    if (used == 0 || used != found.size()) throw hone::Error("usage", "--" + name + " " + found + " is not a number");
    value = static_cast<T>(number);
  }

  void refuse_rest() const {
    if (!values_.empty()) throw hone::Error("usage", "--" + values_.begin()->first + " is not a setting");
  }

 private:
  std::map<std::string, std::string> values_;
};

std::vector<hone::Example> read_documents(const std::string& path) {
  constexpr int kGiven = 0x8000, kEnd = 0xffff;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw hone::Error("file.missing", path + " cannot be read");
  std::vector<hone::Example> documents(1);
  unsigned char bytes[2];
  while (file.read(reinterpret_cast<char*>(bytes), 2)) {
    const int code = bytes[0] | bytes[1] << 8;
    if (code == kEnd) {
      documents.emplace_back();
      continue;
    }
    documents.back().tokens.push_back(code & ~kGiven);
    documents.back().targets.push_back((code & kGiven) == 0);
  }
  if (documents.back().tokens.empty()) documents.pop_back();
  return documents;
}

int run(int argc, char** argv) {
  Flags flags(argc, argv);
  const std::string vocabulary_path = flags.required("vocab-gguf");
  const std::string tokens_path = flags.required("tokens");
  const std::string out = flags.required("out");
  const std::string checkpoint = flags.text("checkpoint"), start = flags.text("start-from");
  double checkpoint_minutes = 3;
  int64_t log_every = 20, validate_every = 200;
  unsigned threads = 0;
  flags.read("checkpoint-minutes", checkpoint_minutes);
  flags.read("log-every", log_every);
  flags.read("validate-every", validate_every);
  flags.read("threads", threads);

  hone::PretrainOptions options;
  flags.read("dim", options.dim);
  flags.read("ffn", options.feed_forward);
  flags.read("layers", options.layers);
  flags.read("heads", options.heads);
  options.groups = options.heads;
  flags.read("kv-heads", options.groups);
  flags.read("context", options.context);
  flags.read("rope-base", options.rope_base);
  flags.read("copying-start", options.copying_start);
  flags.read("steps", options.steps);
  flags.read("batch-tokens", options.batch_tokens);
  flags.read("micro-tokens", options.micro_tokens);
  flags.read("lr", options.learning_rate);
  flags.read("warmup", options.warmup_steps);
  flags.read("floor", options.floor);
  flags.read("weight-decay", options.weight_decay);
  flags.read("clip", options.clip_norm);
  flags.read("seed", options.seed);
  flags.read("validation", options.validation_documents);
  flags.refuse_rest();

  const auto vocabulary = hone::GgufFile::open(vocabulary_path);
  const hone::Metadata& described = vocabulary->metadata();
  options.vocabulary = static_cast<int64_t>(described.require_strings("tokenizer.ggml.tokens").size());
  auto documents = read_documents(tokens_path);
  size_t total = 0;
  for (const auto& document : documents) total += document.tokens.size();
  std::printf("%zu documents, %zu tokens, vocabulary %lld\n", documents.size(), total,
              static_cast<long long>(options.vocabulary));

  const auto backend = hone::make_cpu_backend(threads);
  hone::Pretrainer trainer(*backend, options, std::move(documents));
  std::printf("%.2f million parameters, %zu MiB\n", static_cast<double>(trainer.parameters()) / 1e6,
              trainer.bytes() >> 20);
  if (!checkpoint.empty() && std::filesystem::exists(checkpoint)) {
    trainer.load_checkpoint(checkpoint);
    std::printf("continues after step %lld\n", static_cast<long long>(trainer.steps_done()));
  } else if (!start.empty()) {
    trainer.start_from(start);
  }

  using Clock = std::chrono::steady_clock;
  const auto seconds_since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  const auto begin = Clock::now();
  auto saved = begin;
  double loss = 0;
  int64_t logged = trainer.steps_done(), tokens = 0;
  auto logged_at = begin;
  hone::PretrainReport report;
  while (!interrupted && trainer.step(report)) {
    loss += report.loss;
    tokens += report.tokens;
    const bool last = report.step == report.total;
    if (report.step - logged >= log_every || last) {
      const double speed = static_cast<double>(tokens) / seconds_since(logged_at);
      const double left = static_cast<double>(report.total - report.step) * seconds_since(logged_at) /
                          static_cast<double>(report.step - logged);
      std::printf("step %lld/%lld  epoch %.2f  loss %.4f  lr %.2e  norm %.2f  %.0f tokens/s  %.1f min left\n",
                  static_cast<long long>(report.step), static_cast<long long>(report.total), report.epoch,
                  loss / static_cast<double>(report.step - logged), static_cast<double>(report.learning_rate),
                  report.gradient_norm, speed, left / 60);
      logged = report.step;
      logged_at = Clock::now();
      loss = 0;
      tokens = 0;
    }
    if (options.validation_documents > 0 && (last || (validate_every > 0 && report.step % validate_every == 0))) {
      std::printf("step %lld  validation loss %.4f\n", static_cast<long long>(report.step), trainer.validate());
    }
    if (!checkpoint.empty() && (last || seconds_since(saved) > 60 * checkpoint_minutes)) {
      trainer.save_checkpoint(checkpoint);
      trainer.write_model(out, described);
      saved = Clock::now();
    }
    std::fflush(stdout);
  }
  if (!checkpoint.empty()) trainer.save_checkpoint(checkpoint);
  trainer.write_model(out, described);
  std::printf("%s after step %lld\n", out.c_str(), static_cast<long long>(trainer.steps_done()));
  return interrupted ? 130 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  try {
    return run(argc, argv);
  } catch (const hone::Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.what(), error.code() == "usage" ? kUsage : error.hint().c_str());
    return error.code() == "usage" ? 2 : 1;
  }
}
