#pragma once
// An [evaluation.NAME] box as work: models of the recipe and others beside them are put to tasks,
// and the table is written into evaluations/NAME.
//
//   [evaluation.distillation]
//   models = ["v2.5", "v3", "r1=chat:deepseek-reasoner@https://api.deepseek.com/v1"]
//   problems = { kinds = ["sum", "order"], count = 200 }
//
// evaluations/NAME holds what `rorqual eval` keeps (evaluation.json and the records, which `rorqual
// eval --replay` reads), and table.md, table.html and table.json with the differences of each two.

#include <cstdint>
#include <string>
#include <vector>

#include "eval/tables/problem_task.h"
#include "pipeline/process.h"

namespace rq::pipeline {

struct EvaluationSettings {
  // Of the recipe by name; others as `rorqual eval` takes them: "chat:MODEL@URL",
  // "published:base", with NAME= before it or not.
  std::vector<std::string> models = {};
  std::vector<std::string> tasks = {};     // names, or .toml files
  std::string judge = {};                  // who marks what no program can; named as a model is
  std::string data = {};                   // the folder that holds the tasks' data
  std::vector<std::string> set = {};       // keys of every task: "shots.count=0"
  std::int64_t limit = 0;                  // questions of a task, evenly spread; 0: all
  std::vector<std::string> training = {};  // data boxes in which questions are looked for
  std::string key_variable = {};           // environment variable that holds the endpoints' key
  eval::ProblemSettings drawn = {};        // `problems` in the recipe

  template <typename Visit>
  void each(Visit&& visit) {
    visit("models", models);
    visit("tasks", tasks);
    visit("judge", judge);
    visit("data", data);
    visit("set", set);
    visit("limit", limit);
    visit("training", training);
    visit("key_variable", key_variable);
    visit("problems", drawn);
  }
  std::vector<std::string> problems() const;
};

// Named kEvaluationKind; its path tells the box's name.
Kind evaluation_kind();

}  // namespace rq::pipeline
