#pragma once
// A problem and its worked solution as a conversation.

#include <optional>
#include <string>

#include "data/config.h"
#include "reward/problem.h"

namespace rq::data {

// The document of a box of problems in this form: a conversation of the question and its answer,
// both as plain text, or the problem itself. Nothing where the problem lacks the solution that the
// form shows.
std::optional<std::string> worked_document(const reward::Problem& problem, AnswerForm form);

}  // namespace rq::data
