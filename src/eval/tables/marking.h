#pragma once
// What a reply is worth: the answer found in it, compared with what is right.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/subject.h"
#include "eval/tables/task.h"
#include "reward/sandbox.h"

namespace rq::eval {

// Whether the row is a problem, which itself tells how an answer is judged.
constexpr bool is_graded(Compare compare) {
  return compare == Compare::kCode || compare == Compare::kProblem;
}

// Of one question.
struct Mark {
  double score = 0;   // of generation the pass@k or the mean over the samples; of a passage: bits
  double weight = 1;  // of a passage: its bytes
  std::vector<double> sample_scores = {};
  // What was chosen or found: of a choice the place by each norm, in the order of enum_names(Norm)
  // and -1 where that norm was not asked for; of an answer the text, one a sample.
  std::vector<int> chosen = {};
  std::vector<std::string> found = {};
  std::vector<std::string> notes = {};  // why a sample is not right
  std::int64_t without_answer = 0;      // samples in which no answer was found
};

// The answer in a text, by the task's way; nothing where there is none.
class Extractor {
 public:
  // An Error names `origin` where the pattern is none.
  Extractor(const AnswerSettings& settings, std::string_view origin);
  std::optional<std::string> operator()(std::string_view text) const;

 private:
  Extract how_;
  std::shared_ptr<const class Pattern> pattern_;  // shared: a copy is cheap
};

// Any thread may call it.
class Marker {
 public:
  // Keeps a reference to the task. The sandbox is made where the task has programs run; an Error
  // where it cannot be.
  explicit Marker(const Task& task);

  // REQUIRES a reply without failure for each of the question's requests.
  Mark operator()(const Question& question, std::span<const Reply> replies) const;

 private:
  Mark mark_choice(const Question& question, std::span<const Reply> replies) const;
  Mark mark_samples(const Question& question, std::span<const Reply> replies) const;
  void mark_sample(const Question& question, const Reply& reply, Mark& mark) const;
  double compare(const std::string& found, const std::string& right) const;
  double run(const Question& question, const std::string& found, std::string& note) const;

  const TaskConfig& config_;
  std::string origin_;
  Extractor extract_;
  std::optional<reward::Sandbox> sandbox_;
};

}  // namespace rq::eval
