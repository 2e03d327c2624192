#pragma once
// A problem and its worked solution as a conversation.

#include "data/config.h"
#include "data/conversation.h"
#include "reward/problem.h"

namespace rq::data {

// The question, and the answer in this form. REQUIRES that the problem has the form's reasoning.
Conversation worked_conversation(const reward::Problem& problem, AnswerForm form);

}  // namespace rq::data
