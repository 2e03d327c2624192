#pragma once
// What a reply is worth: the answer found in it, compared with what is right.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eval/tables/extractor.h"
#include "eval/tables/judging.h"
#include "eval/tables/subject.h"
#include "eval/tables/task.h"
#include "reward/sandbox.h"

namespace rq::eval {

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
  // Why there is no score: what the judge said of a sample is missing or cannot be read.
  std::string unjudged = {};
};

// Any thread may call it.
class Marker {
 public:
  // Keeps a reference to the task. The sandbox is made where the task has programs run; an Error
  // where it cannot be.
  explicit Marker(const Task& task);

  // What a judge is to be asked before the replies can be marked: nothing where a program marks
  // them, or no answer is found in them. REQUIRES what marking does.
  std::vector<Request> to_judge(const Question& question, std::span<const Reply> replies) const;
  // REQUIRES a reply without failure for each of the question's requests, and what came of those to
  // the judge.
  Mark operator()(const Question& question,
                  std::span<const Reply> replies,
                  std::span<const Reply> judgements = {}) const;

 private:
  Mark mark_choice(const Question& question, std::span<const Reply> replies) const;
  Mark mark_samples(const Question& question,
                    std::span<const Reply> replies,
                    std::span<const Reply> judgements) const;
  void mark_sample(const Question& question, const Reply& reply, Mark& mark) const;
  // `judgements` begin with those of this sample; returns how many they were.
  std::size_t mark_judged(const Reply& reply, std::span<const Reply> judgements, Mark& mark) const;
  double compare(const std::string& found, const std::string& right) const;
  double run(const Question& question, const std::string& found, std::string& note) const;

  const TaskConfig& config_;
  std::string origin_;
  Extractor extract_;
  std::optional<reward::Sandbox> sandbox_;
  std::optional<Judging> judging_;
};

}  // namespace rq::eval
