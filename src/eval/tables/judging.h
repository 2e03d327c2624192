#pragma once
// What a judge is asked about an answer, and what its verdict is worth.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/expression.h"
#include "eval/tables/pattern.h"
#include "eval/tables/subject.h"
#include "eval/tables/task.h"

namespace rq::eval {

constexpr bool needs_judge(const TaskConfig& config) {
  return config.kind == TaskKind::kGeneration && config.answer.compare == Compare::kJudge;
}

struct Judgement {
  double score = 0;          // from 0 to 1
  std::string verdict = {};  // as it was said; of two orders both
  std::string failure = {};  // why there is no score; empty where there is one
};

// Any thread may call it.
class Judging {
 public:
  // Keeps a reference to the task. An Error where a template or the pattern is none.
  explicit Judging(const Task& task);

  // How often it is asked about an answer: twice where two are compared, so that neither gains by
  // its place.
  std::size_t orders() const { return against_.empty() ? 1 : 2; }
  // Greedy, as a chat.
  std::vector<Request> requests(const Question& question, const std::string& answer) const;
  // The mean over the orders. REQUIRES the replies to those requests.
  Judgement operator()(std::span<const Reply> replies) const;

 private:
  Judgement read(const Reply& reply) const;
  Judgement worth_of(std::string_view verdict) const;

  const JudgeSettings& settings_;
  TextTemplate prompt_;
  Expression against_;
  Pattern verdict_;
};

}  // namespace rq::eval
