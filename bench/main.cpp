// rorqual-bench NAME [ARGUMENT ...]: runs one benchmark. Exit codes as rorqual's: 2 the user's
// fault, 1 ours or the machine's.

#include <array>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/tensor_memory.h"
#include "bench/benches.h"

namespace rq::bench {
namespace {

struct Bench {
  std::string_view name;
  std::string_view shows;  // one line for the list of benchmarks
  void (*run)(std::span<const std::string> arguments);
};

constexpr std::array kBenches{
    Bench{"attention", "forward and backward, beside torch's fused attention", bench_attention},
    Bench{"context", "memory and time of a step and of scoring, by context", bench_context},
    Bench{"generate", "answers to many prompts at once, beside transformers", bench_generate},
    Bench{"rl", "a step of GRPO, beside TRL on the same model and prompts", bench_rl},
    Bench{"speculation",
          "MODEL FILE.. : what guesses of the prediction layer bring on texts",
          bench_speculation},
    Bench{"tokenizer", "encoding and training, beside the `tokenizers` library", bench_tokenizer},
    Bench{"train", "a training step, beside transformers on the same model and batch", bench_train},
};

void run(std::span<const std::string> arguments) {
  std::string list;
  for (const Bench& bench : kBenches) {
    if (!arguments.empty() && arguments.front() == bench.name) {
      bench.run(arguments.subspan(1));
      return;
    }
    list += fmt::format("\n  {:10} {}", bench.name, bench.shows);
  }
  check(!arguments.empty(), "which benchmark? There are:{}", list);
  fail("there is no benchmark '{}'. There are:{}", arguments.front(), list);
}

}  // namespace
}  // namespace rq::bench

int main(int argc, char** argv) {
  rq::cache_tensor_memory();
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    rq::bench::run(arguments);
    return 0;
  } catch (const rq::MachineError& error) {
    std::fprintf(stderr, "rorqual bench: %s\n", error.what());
    return 1;
  } catch (const rq::Error& error) {
    std::fprintf(stderr, "rorqual bench: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rorqual bench: %s\n", error.what());
    return 1;
  }
}
