#pragma once
// Problems from the files that people have, one JSON object a line (or a .json file of one object
// or a list of them), plain or in gzip. Each object is recognised by its members:
//
//   own              id, domain, prompt                    as problem.h writes them
//   GSM8K            question, answer with "#### 42"       "<<48/2=24>>" is taken out of the
//   solution MATH             problem, solution with \boxed{...}    level and type, or subject
//   HumanEval        task_id, prompt, canonical_solution, test, entry_point
//   MBPP             task_id, text or prompt, code, test_list; test_imports, test_setup_code
//   LiveCodeBench    question_content, public_test_cases, private_test_cases (JSON, or packed as
//                    base64 of zlib of a pickle of that JSON; no other pickle is read), metadata
//   Codeforces       title, description, input_format, official_tests, as open-r1/codeforces has
//   them;
//                    not those that only a checker of their own can judge
//   reasoning-gym    question, answer, metadata with source_dataset; of several right answers, the
//                    one that is written
//
// Memory holds the whole file.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "reward/problem.h"

namespace rq::reward {

enum class BrokenLines { kStop, kSkip };

struct ProblemFile {
  std::vector<Problem> problems;
  std::vector<std::string> broken;  // "gsm8k.jsonl:12: there is no member "answer""
};

// With kStop, the first line that is no problem is an Error that says so; with kSkip it is named in
// the result. A file that cannot be read or decompressed is an Error in either case.
ProblemFile read_problems(const std::filesystem::path& path,
                          BrokenLines broken = BrokenLines::kStop);

// The problem that one object holds, in any of the forms above. An Error begins with `origin`.
Problem read_problem(const Json& object, std::string_view origin);

// One line a problem, in our own form; atomic.
void write_problems(const std::filesystem::path& path, std::span<const Problem> problems);

}  // namespace rq::reward
