#pragma once
// Problems that are drawn for a box, and each with its worked solution as a document.

#include <optional>
#include <string>

#include "data/config.h"
#include "reward/problem.h"
#include "reward/problem_generator.h"

namespace rq::data {

// Those of a box of such kinds, in its order.
reward::ProblemStream problems_of(const ProblemsConfig& config);

// The document of a box of problems in this form: a conversation of the question and its answer,
// both as plain text, or the problem itself. Nothing where the problem lacks the solution that the
// form shows.
std::optional<std::string> worked_document(const reward::Problem& problem, AnswerForm form);

}  // namespace rq::data
