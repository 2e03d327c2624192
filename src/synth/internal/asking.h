#pragma once
// Questions sent by many threads at once, within a budget, until all are settled or there is a
// reason to end.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "synth/answer_store.h"
#include "synth/endpoint.h"

namespace rq::synth {

struct Asking {
  const EndpointConfig& config;
  const std::string& key;
  AnswerStore& store;
  std::span<const Question> questions;
  const AskOptions& options;
  std::vector<std::size_t> indices;  // of the questions to ask, no two of them the same
};

// Adds their answers to `answers`, which holds what was known before; throws as Endpoint::ask does.
void ask_all(const Asking& asking, EndpointAnswers& answers);

}  // namespace rq::synth
