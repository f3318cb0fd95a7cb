#include "backend/cpu/simd/simd.h"
#include "core/error.h"
#include "tools/bench/shapes.h"
#include "tools/bench/works.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/resource.h>
#endif

// Measures one thing per process, so that the peak memory is its own. main/setup/bench.mjs starts it for each line of
// its table. Usage: see `kUsage`. The result is one line of JSON.

namespace {

using namespace hone;
using namespace hone::bench;

constexpr const char* kUsage = R"(hone_bench WORK [settings]

  models                                         names, types and shapes of the models there are
  ceilings --threads N
  write    --model NAME --file FILE              a model of that shape with random weights
  train | prompt | decode | load  --model NAME --file FILE --ctx TOKENS --threads N --runs N
           --float-ops X --byte-ops X --read-bytes X   the ceilings, per second
  tokenize --file MODEL --text FILE --runs N
)";

class Flags {
 public:
  Flags(int argc, char** argv) {
    for (int i = 2; i < argc; i += 2) {
      if (std::string_view(argv[i]).substr(0, 2) != "--" || i + 1 >= argc) {
        throw Error("usage", std::string("unexpected argument ") + argv[i], kUsage);
      }
      values_[argv[i] + 2] = argv[i + 1];
    }
  }

  const std::string& text(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw Error("usage", "--" + name + " is missing", kUsage);
    return found->second;
  }

  double number(const std::string& name) const {
    char* end = nullptr;
    const double value = std::strtod(text(name).c_str(), &end);
    if (*end != '\0' || !(value >= 0)) throw Error("usage", "--" + name + " is \"" + text(name) + "\", not a number");
    return value;
  }

 private:
  std::map<std::string, std::string> values_;
};

double peak_mebibytes() {
#if defined(__APPLE__)
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1 << 20);
#elif defined(__unix__)
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
#else
  return 0;
#endif
}

void print(const Outcome& outcome) {
  const bool known = std::isfinite(outcome.ceiling);
  std::printf("{\"isa\":\"%s\",\"peakRssMiB\":%.1f,\"forecastMiB\":%.1f,\"ceiling\":%.4f,\"megabytesPerSecond\":%.2f,"
              "\"runs\":[",
              std::string(cpu::choose_simd().name).c_str(), peak_mebibytes(),
              static_cast<double>(outcome.forecast_bytes) / (1 << 20), known ? outcome.ceiling : 0.0,
              outcome.megabytes_per_second);
  for (size_t i = 0; i < outcome.tokens_per_second.size(); ++i) {
    std::printf("%s%.4f", i ? "," : "", outcome.tokens_per_second[i]);
  }
  std::printf("]}\n");
}

void print(const Shape& s) {
  std::printf("{\"name\":\"%s\",\"type\":\"%s\",\"weights\":%lld,\"dim\":%lld,\"layers\":%lld,\"heads\":%lld,"
              "\"groups\":%lld,\"headDim\":%lld,\"feedForward\":%lld,\"vocabulary\":%lld,\"subNorms\":%s,"
              "\"headNorms\":%s}\n",
              std::string(s.name).c_str(), std::string(traits(s.matrices).name).c_str(),
              static_cast<long long>(s.block_weights() + s.vocabulary * s.dim), static_cast<long long>(s.dim),
              static_cast<long long>(s.layers), static_cast<long long>(s.heads), static_cast<long long>(s.groups),
              static_cast<long long>(s.head_dim), static_cast<long long>(s.feed_forward),
              static_cast<long long>(s.vocabulary), s.sub_norms ? "true" : "false", s.head_norms ? "true" : "false");
}

void run(const std::string& work, const Flags& flags) {
  if (work == "models") {
    for (const Shape& shape : shapes()) {
      print(shape);
    }
  } else if (work == "ceilings") {
    const Ceilings found = measure_ceilings(static_cast<unsigned>(flags.number("threads")));
    std::printf("{\"isa\":\"%s\",\"floatOps\":%.0f,\"byteOps\":%.0f,\"readBytes\":%.0f}\n",
                std::string(cpu::choose_simd().name).c_str(), found.float_ops, found.byte_ops, found.read_bytes);
  } else if (work == "write") {
    write_model(find_shape(flags.text("model")), flags.text("file"));
  } else if (work == "tokenize") {
    print(run_tokenizer(flags.text("file"), flags.text("text"), static_cast<int>(flags.number("runs"))));
  } else {
    print(run_job({.model = flags.text("model"),
                   .path = flags.text("file"),
                   .work = work,
                   .context = static_cast<int64_t>(flags.number("ctx")),
                   .threads = static_cast<unsigned>(flags.number("threads")),
                   .runs = static_cast<int>(flags.number("runs"))},
                  {flags.number("float-ops"), flags.number("byte-ops"), flags.number("read-bytes")}));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "%s", kUsage);
    return 2;
  }
  try {
    run(argv[1], Flags(argc, argv));
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "[%s] %s\n%s\n", error.code().c_str(), error.what(), error.hint().c_str());
    return 1;
  }
}
