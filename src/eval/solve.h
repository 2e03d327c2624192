#pragma once
// Pass@1: problems are put to a model, and programs check its answers.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "eval/interval.h"
#include "model/model.h"
#include "reward/grade.h"
#include "reward/problem.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {

struct SolveConfig {
  std::int64_t samples = 1;  // answers to each problem
  double temperature = 0;    // 0: the most probable answer, the same each time
  std::int64_t max_tokens = 512;
  std::uint64_t seed = 1;
};

// How the model is asked.
struct Asked {
  const model::Model& model;
  const tokenizer::Tokenizer& tokenizer;
  const tokenizer::ChatFormat& format;
  std::vector<std::int32_t> end_tokens;
};

struct SolvedAnswer {
  std::string text = {};
  std::int64_t tokens = 0;
  bool is_cut = false;  // by max_tokens, or the context
  reward::Grade grade = {};
};

struct Solved {
  reward::Problem problem;
  std::vector<SolvedAnswer> answers;
};

// `on_progress` is told how many answers are complete. The same settings give the same answers. An
// Error where a problem fills the model's context.
std::vector<Solved> solve(const Asked& asked,
                          std::span<const reward::Problem> problems,
                          const SolveConfig& config,
                          const std::function<void(std::int64_t done)>& on_progress);

struct PassRate {
  std::string name = {};  // of a kind, a domain, or "all"
  std::int64_t problems = 0;
  double right = 0;            // mean over the problems of the share of right answers: pass@1
  Interval interval = {0, 1};  // 95 %, as if each problem had been tried once: rather too wide
  double score = 0;            // mean; of code the share of the tests
  double tokens = 0;           // mean length of an answer
  double cut = 0;              // share
};

// Of each kind, of each domain where there are several kinds, and of all where there are several
// domains.
std::vector<PassRate> pass_rates(std::span<const Solved> solved);

}  // namespace rq::eval
