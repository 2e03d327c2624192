// The rows of a task made into questions.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "eval/tables/instructions.h"
#include "eval/tables/internal/compiled_task.h"
#include "eval/tables/internal/problem_rows.h"
#include "eval/tables/internal/shots.h"
#include "eval/tables/internal/task_rows.h"
#include "reward/problem_files.h"

namespace rq::eval {
namespace {

class Maker {
 public:
  Maker(const Task& task, const CompiledTask& compiled, const Shots& shots, Form form)
      : task_(task), config_(task.config), compiled_(compiled), shots_(shots), form_(form) {}

  Question make(const data::Row& row, std::size_t number) const {
    Question made{.origin = row.origin, .row = row.members};
    made.id = compiled_.id.empty() ? std::to_string(number + 1) : compiled_.id.text(row.members);
    made.cluster = compiled_.cluster.text(row.members);
    made.group = compiled_.group.text(row.members);
    switch (config_.kind) {
      case TaskKind::kChoice:
        add_choices(row, made);
        break;
      case TaskKind::kGeneration:
        add_samples(row, made);
        break;
      case TaskKind::kPerplexity:
        add_passage(row, made);
        break;
    }
    for (Request& request : made.requests) {
      request.question = made.id;
    }
    return made;
  }

 private:
  std::string before_question(const data::Row& row) const {
    std::string text = compiled_.preamble(row.members);
    for (const Shots::Shot* const shot : shots_.of(row)) {
      text += shot->question + shot->answer + config_.prompt.between;
    }
    return text;
  }

  void add_choices(const data::Row& row, Question& made) const {
    const std::string before = before_question(row);
    Json contexts = compiled_.contexts(row.members);
    Json choices = compiled_.choices(row.members);
    check(choices.is_array() && !choices.empty(), "choice.choices is no list: {}", choices.dump());
    if (contexts.is_null()) {
      made.shown = compiled_.question(row.members);
      contexts = Json(Json::array_t(choices.size(), made.shown));
    } else if (contexts.is_array() && choices.size() == 1) {
      choices = Json(Json::array_t(contexts.size(), choices.front()));
    }
    check(contexts.is_array() && contexts.size() == choices.size(),
          "{} contexts stand before {} choices",
          contexts.size(),
          choices.size());
    for (std::size_t i = 0; i < choices.size(); ++i) {
      check(choices[i].is_string() && contexts[i].is_string(),
            "choice {} is not text: {}",
            i + 1,
            choices[i].dump());
      made.choices.push_back(choices[i].get<std::string>());
      made.shown += made.shown.empty() ? contexts[i].get<std::string>() : "";
      made.requests.push_back({.asked = Asked::kLikelihood,
                               .context = before + contexts[i].get<std::string>(),
                               .continuation = config_.choice.delimiter + made.choices.back()});
    }
    if (config_.choice.norm == Norm::kUnconditional) {
      for (std::size_t i = 0; i < made.choices.size(); ++i) {
        made.requests.push_back({.asked = Asked::kLikelihood,
                                 .context = config_.choice.unconditional,
                                 .continuation = made.requests[i].continuation});
      }
    }
    made.right = compiled_.right_choice(row.members);
    if (made.right.is_string()) {
      const auto found = std::ranges::find(made.choices, made.right.get<std::string>());
      check(found != made.choices.end(), "choice.right is {}, no choice", made.right.dump());
      made.right = found - made.choices.begin();
    }
    check_places(made);
  }

  static void check_places(const Question& made) {
    const auto is_place = [&](const Json& value) {
      return value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
             value.get<std::size_t>() < made.choices.size();
    };
    const Json& right = made.right;
    check(is_place(right) ||
              (right.is_array() && !right.empty() && std::ranges::all_of(right, is_place)),
          "choice.right is {}, no place among {} choices (the first is 0)",
          right.dump(),
          made.choices.size());
  }

  void add_samples(const data::Row& row, Question& made) const {
    Request request{.temperature = config_.sampling.temperature,
                    .top_p = config_.sampling.top_p,
                    .max_tokens = config_.sampling.max_tokens,
                    .stop = config_.sampling.stop};
    made.shown = compiled_.question(row.members);
    if (form_ == Form::kChat) {
      request.asked = Asked::kChat;
      request.messages = messages(row, made);
      request.stop.clear();  // those of a text would end an answer in its middle
    } else {
      request.asked = Asked::kText;
      request.context = before_question(row) + made.shown;
    }
    Rng seeds(static_cast<std::uint64_t>(config_.sampling.seed), "sample/" + made.id);
    for (std::int64_t sample = 0; sample < config_.sampling.samples; ++sample) {
      request.seed = config_.sampling.temperature == 0 ? 1 : seeds.next() >> 33;
      request.sample = sample;
      made.requests.push_back(request);
    }
    made.right = compiled_.right(row.members);
    if (config_.answer.compare == Compare::kProblem) {
      made.problem = reward::read_problem(row.members, row.origin);
    } else if (config_.answer.compare == Compare::kInstructions) {
      check_instructions(row.members);
    }
  }

  Json messages(const data::Row& row, Question& made) const {
    Json all = Json::array();
    const auto say = [&](const char* role, std::string text) {
      all.push_back({{"role", role}, {"content", std::move(text)}});
    };
    if (!config_.prompt.system.empty()) {
      say("system", config_.prompt.system);
    }
    if (!config_.prompt.chat_question.empty()) {
      made.shown = compiled_.chat_question(row.members);
      say("user", made.shown);
      return all;
    }
    std::string preamble = compiled_.preamble(row.members);
    for (const Shots::Shot* const shot : shots_.of(row)) {
      say("user", std::exchange(preamble, "") + shot->question);
      say("assistant",
          shot->answer.substr(
              std::min(shot->answer.find_first_not_of(" \n"), shot->answer.size())));
    }
    say("user", preamble + made.shown);
    return all;
  }

  void add_passage(const data::Row& row, Question& made) const {
    made.requests.push_back(
        {.asked = Asked::kPassage, .continuation = compiled_.text.text(row.members)});
    check(!made.requests.front().continuation.empty(), "the text is empty");
    made.shown = made.requests.front().continuation.substr(0, 200);
  }

  const Task& task_;
  const TaskConfig& config_;
  const CompiledTask& compiled_;
  const Shots& shots_;
  Form form_;
};

// Questions of two models are told apart by them.
void check_ids(const Task& task, const std::vector<Question>& questions) {
  std::map<std::string, const Question*> known;
  for (const Question& question : questions) {
    const auto [other, is_new] = known.emplace(question.id, &question);
    check(is_new,
          "{}: two questions have the id {} (score.id): at {} and {}",
          task.origin,
          question.id,
          other->second->origin,
          question.origin);
  }
}

}  // namespace

QuestionSet read_questions(const Task& task, const AskSettings& settings) {
  const CompiledTask compiled(task);
  const std::filesystem::path folder = settings.data / task.config.data.folder;
  const ProblemSource& problems = task.config.data.problems;
  check(problems.exists() || std::filesystem::is_directory(folder),
        "the data of the task {} are not there: {} is no folder{}",
        task.name,
        folder.string(),
        task.config.source.empty() ? "" : fmt::format(" (they are from {})", task.config.source));
  TaskRows reader(task, compiled, folder);
  const std::vector<data::Row> rows =
      reader.keep(problems.exists() ? problem_rows(problems, folder) : reader.own(),
                  compiled.where,
                  task.config.data.needs);
  check(!rows.empty(), "the task {} finds no row in {}", task.name, folder.string());
  const Shots shots(task, compiled, reader, rows);
  const Maker maker(task, compiled, shots, settings.form);
  QuestionSet set{.rows = static_cast<std::int64_t>(rows.size())};
  const std::size_t count = settings.limit == 0
                                ? rows.size()
                                : std::min(rows.size(), static_cast<std::size_t>(settings.limit));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * rows.size() / count;  // evenly spread
    set.questions.push_back(at_row(rows[at], [&] { return maker.make(rows[at], at); }));
  }
  check_ids(task, set.questions);
  set.data_digest = reader.digest();
  return set;
}

}  // namespace rq::eval
