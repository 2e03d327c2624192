#pragma once
// One figure of a table, with all that tells how far it can be trusted.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/tables/record.h"
#include "eval/tables/statistics.h"

namespace rq::eval {

struct Cell {
  bool is_published = false;  // said by others, not measured here: only `value` is known
  std::string refusal = {};   // why the model cannot be asked: nothing else is known
  double value = 0;           // in percent; of a perplexity in bits a byte
  std::optional<Estimate> estimate = {};  // in the same unit; none where nothing was answered
  std::int64_t questions = 0;             // that were answered: those the value is the mean of
  std::int64_t rows = 0;                  // that the task has
  std::int64_t unanswered = 0;            // to which no reply came: not counted in the value
  std::string why_unanswered = {};        // of the first of them
  std::int64_t unjudged = 0;              // whose answer the judge gave no score: not counted
  std::string why_unjudged = {};          // of the first of them
  std::int64_t replies = 0;               // answers that were written, of which:
  std::int64_t cut = 0;                   // did not come to an end
  std::int64_t without_answer = 0;        // hold no answer in the form that was asked for
  std::int64_t shortened = 0;             // had a prompt whose beginning did not fit
  double mean_tokens = 0;                 // of a written answer
  // Of all questions asked, those that share 13 words with training data; none: not looked for.
  std::optional<std::int64_t> in_training = {};
  // Of a choice: the value by each norm, in the order of enum_names(Norm); empty for others.
  std::vector<double> by_norm = {};
  // Where a judge names labels: which it named, in percent of the answers that it judged.
  std::map<std::string, double> verdicts = {};
  std::optional<Making> making = {};

  // Whether its figure is not that of all rows, each with a whole answer: it is marked then.
  bool is_unusual() const {
    return unanswered + unjudged + cut + without_answer + shortened > 0 || asked() < rows;
  }
  std::int64_t asked() const { return questions + unanswered + unjudged; }
};

Cell cell_of(const Record& record);

// What is measured, in the words of its field: "acc", "F1", "Pass@1", "BPB".
std::string metric_of(const TaskConfig& config);
// Whether less is better.
bool is_loss(const TaskConfig& config);
// The config that a record holds.
TaskConfig config_of(const Making& making);

// What each answered question of a record gave, in the unit of the cell, by the question's id.
std::vector<std::pair<std::string, Measured>> measured_of(const Record& record);

// What two models gave to the questions that both answered.
struct Difference {
  std::int64_t questions = 0;
  double a = 0, b = 0;                  // the means over these questions
  Estimate difference = {};             // a less b, in the unit of the cell
  std::int64_t only_a = 0, only_b = 0;  // questions in which one is better than the other
};
// Nothing where there are none. An Error where the records are of different tasks or data.
std::optional<Difference> difference_of(const Record& a, const Record& b);

// DeepSeek-V3 §4.4.2: scores that differ by 0.3 points at most are at the same level.
inline constexpr double kSameLevel = 0.3;

}  // namespace rq::eval
