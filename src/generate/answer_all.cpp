#include "generate/answer_all.h"

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "base/signals.h"

namespace rq::generate {

std::vector<Answer> answer_all(Engine& engine,
                               std::vector<Request> requests,
                               const std::function<void(std::size_t, const Answer&)>& on_answer) {
  std::vector<Answer> answers(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].on_token = [&answers, i](const Token& token) {
      answers[i].tokens.push_back(token.token);
      return true;
    };
    requests[i].on_finish = [&, i](const Outcome& outcome) {
      answers[i].is_cut = outcome.finish == Finish::kLength;
      on_answer(i, answers[i]);
    };
    engine.add(std::move(requests[i]));
  }
  while (engine.step()) {
    throw_if_stopped();
  }
  return answers;
}

}  // namespace rq::generate
