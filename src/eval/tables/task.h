#pragma once
// Tasks by name, and what each asks: its rows made into questions.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "eval/tables/subject.h"
#include "eval/tables/task_config.h"
#include "reward/problem.h"

namespace rq::eval {

struct Task {
  std::string name = {};    // its file's, without the ending
  std::string origin = {};  // the file
  TaskConfig config = {};

  // 64 hexadecimal digits that stand for all that decides what is asked and how it counts.
  std::string digest() const;
};

// The names of the tasks that are part of the program, sorted.
std::vector<std::string> task_names();
// By name, or from a file where `name` ends in .toml. `overrides` are like "shots.count=5". An
// Error lists all that is wrong with the file, or names the nearest task.
Task load_task(std::string_view name, const std::vector<std::string>& overrides = {});

struct Question {
  std::string id = {};
  std::string cluster = {};  // empty: a cluster of its own
  std::string group = {};
  std::string origin = {};  // where its row stands
  std::string shown = {};   // what is asked, without shots
  Json right = {};          // a place or places, an answer or answers
  // A choice: one each, then those for the unconditional; else the samples, or the passage.
  std::vector<Request> requests = {};
  std::vector<std::string> choices = {};
  std::optional<reward::Problem> problem = {};  // where code is to be judged by its tests
  Json row = {};
};

struct QuestionSet {
  std::vector<Question> questions = {};
  std::string data_digest = {};  // of all rows that were read, shots included
  std::int64_t rows = 0;         // that the task has, with those past the limit
};

// How the questions are to be put.
struct AskSettings {
  std::filesystem::path data = {};  // the folder of all data
  std::int64_t limit = 0;           // only the first so many questions, spread over groups; 0: all
  Form form = Form::kText;
};

// An Error names file and line of what is missing or malformed in the data.
QuestionSet read_questions(const Task& task, const AskSettings& settings);

}  // namespace rq::eval
