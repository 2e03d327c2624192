#pragma once
// The benchmarks that `./rorqual bench NAME` runs. Each states its claim in its file's first line,
// checks the answer before it times, and prints its own figures beside the rival's from the same
// run.
//
// To add one: bench_<name>.cpp, its declaration here, its row in main.cpp, its heading in
// docs/results.md.

#include <span>
#include <string>

namespace rq::bench {

// `arguments` are those after NAME. Prints a table; throws Error on wrong arguments and where an
// answer is wrong.
void bench_attention(std::span<const std::string> arguments);
void bench_context(std::span<const std::string> arguments);
void bench_generate(std::span<const std::string> arguments);
void bench_rl(std::span<const std::string> arguments);
void bench_speculation(std::span<const std::string> arguments);
void bench_tokenizer(std::span<const std::string> arguments);
void bench_train(std::span<const std::string> arguments);

}  // namespace rq::bench
