#include "data/worked_document.h"

#include <cstdint>
#include <optional>
#include <string>

#include "data/conversation.h"

namespace rq::data {
namespace {

// Empty where there is none.
std::string answer_in(const reward::Problem& problem, AnswerForm form) {
  std::string bare =
      problem.answer.empty() ? "" : reward::written_answer(problem.domain, problem.answer);
  switch (form) {
    case AnswerForm::kShort:
    case AnswerForm::kText:
      return problem.short_reasoning;
    case AnswerForm::kLong:
      return problem.long_reasoning.empty()
                 ? ""
                 : "<think>" + problem.long_reasoning + "</think>" + bare;
    default:
      return bare;
  }
}

}  // namespace

reward::ProblemStream problems_of(const ProblemsConfig& config) {
  return reward::ProblemStream({.kinds = config.kinds,
                                .least_difficulty = static_cast<int>(config.least_difficulty),
                                .most_difficulty = static_cast<int>(config.most_difficulty),
                                .split = reward::Split::kTrain,
                                .seed = static_cast<std::uint64_t>(config.seed)});
}

std::optional<std::string> worked_document(const reward::Problem& problem, AnswerForm form) {
  if (form == AnswerForm::kNone) {
    return reward::to_line(problem);
  }
  const std::string answer = answer_in(problem, form);
  if (answer.empty()) {
    return {};
  }
  if (form == AnswerForm::kText) {
    return problem.prompt + "\n" + answer + "\n";
  }
  return Conversation{{{Role::kUser, problem.prompt}, {Role::kAssistant, answer}}}.document();
}

}  // namespace rq::data
