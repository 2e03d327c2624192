#pragma once
// The teacher of kind = "synth": questions to a model or an endpoint, and the answers.

#include <optional>
#include <string>
#include <vector>

#include "data/conversation.h"
#include "pipeline/kinds/synth.h"
#include "pipeline/process.h"
#include "reward/problem.h"
#include "synth/rejection.h"

namespace rq::pipeline {

// What the teacher is asked: the messages before its answer, and the problem where there is one.
struct Question {
  data::Conversation asked;
  std::optional<reward::Problem> problem = {};
  std::string id = {};      // its seed's name
  std::string domain = {};  // by which is counted
};

// The answers that a teacher gave, beside the questions: fewer than were asked for where an
// endpoint gave none.
using Answers = std::vector<std::vector<synth::Candidate>>;

// `samples` to each question; those that an earlier attempt got are not asked for again.
Answers ask_model(Context& context,
                  const SynthSettings& settings,
                  const std::vector<Question>& questions);
Answers ask_endpoint(Context& context,
                     const SynthSettings& settings,
                     const std::vector<Question>& questions);

}  // namespace rq::pipeline
