#include "data/internal/worked_conversation.h"

#include <string>

namespace rq::data {
namespace {

std::string answer_in(const reward::Problem& problem, AnswerForm form) {
  std::string bare = reward::written_answer(problem.domain, problem.answer);
  switch (form) {
    case AnswerForm::kShort:
      return problem.short_reasoning;
    case AnswerForm::kLong:
      return "<think>" + problem.long_reasoning + "</think>" + bare;
    default:
      return bare;
  }
}

}  // namespace

Conversation worked_conversation(const reward::Problem& problem, AnswerForm form) {
  return {{{Role::kUser, problem.prompt}, {Role::kAssistant, answer_in(problem, form)}}};
}

}  // namespace rq::data
