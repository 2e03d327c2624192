#pragma once
// The templates and expressions of a task, read once.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "eval/tables/expression.h"
#include "eval/tables/task.h"

namespace rq::eval {

struct CompiledTask {
  explicit CompiledTask(const Task& task)
      : where(task.config.data.where, place(task, "data.where")),
        shuffle(task.config.data.shuffle, place(task, "data.shuffle")),
        shot_group(task.config.shots.group, place(task, "shots.group")),
        shot_where(task.config.shots.where, place(task, "shots.where")),
        preamble(task.config.prompt.preamble, place(task, "prompt.preamble")),
        question(task.config.prompt.question, place(task, "prompt.question")),
        answer(task.config.prompt.answer, place(task, "prompt.answer")),
        chat_question(task.config.prompt.chat_question, place(task, "prompt.chat_question")),
        choices(task.config.choice.choices, place(task, "choice.choices")),
        contexts(task.config.choice.contexts, place(task, "choice.contexts")),
        right_choice(task.config.choice.right, place(task, "choice.right")),
        right(task.config.answer.right, place(task, "answer.right")),
        text(task.config.text, place(task, "text")),
        id(task.config.score.id, place(task, "score.id")),
        cluster(task.config.score.cluster, place(task, "score.cluster")),
        group(task.config.score.group, place(task, "score.group")) {
    for (const auto& [name, expression] : task.config.data.set) {
      set.emplace_back(name, Expression(expression, place(task, "data.set." + name)));
    }
  }

  static std::string place(const Task& task, std::string_view key) {
    return fmt::format("{}: {}", task.origin, key);
  }

  Expression where, shuffle, shot_group, shot_where;
  TextTemplate preamble, question, answer, chat_question;
  Expression choices, contexts, right_choice, right, text, id, cluster, group;
  std::vector<std::pair<std::string, Expression>> set;
};

}  // namespace rq::eval
