#pragma once
// The verbs of the command line, one a file. To add one: declare its add_ function, put it into
// kVerbs (the order of --help), and name its file in CMakeLists.txt.
//
// An add_ function adds a subcommand with a description that teaches, its options, and a callback
// that does the work and throws on error: Error for the user's fault, anything else for ours,
// Interrupted once all is saved.

#include <array>

namespace CLI {
class App;
}

namespace rq {

void add_run(CLI::App& app);
void add_status(CLI::App& app);
void add_tokenizer(CLI::App& app);
void add_score(CLI::App& app);
void add_needle(CLI::App& app);
void add_solve(CLI::App& app);
void add_eval(CLI::App& app);
void add_compare(CLI::App& app);
void add_generate(CLI::App& app);
void add_chat(CLI::App& app);
void add_serve(CLI::App& app);
void add_review(CLI::App& app);
void add_inspect(CLI::App& app);
void add_verify(CLI::App& app);

inline constexpr std::array kVerbs = {add_run,
                                      add_status,
                                      add_tokenizer,
                                      add_score,
                                      add_needle,
                                      add_solve,
                                      add_eval,
                                      add_compare,
                                      add_generate,
                                      add_chat,
                                      add_serve,
                                      add_review,
                                      add_inspect,
                                      add_verify};

}  // namespace rq
