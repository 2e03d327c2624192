#include "rl/lessons.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

namespace rq::rl {

std::vector<double> weights_of(std::span<const Lesson> lessons, Mean mean) {
  double tokens = 0;
  for (const Lesson& lesson : lessons) {
    tokens += static_cast<double>(lesson.answer_length());
  }
  const auto answers = static_cast<double>(lessons.size());
  std::vector<double> weights;
  for (const Lesson& lesson : lessons) {
    weights.push_back(mean == Mean::kToken
                          ? 1 / tokens
                          : 1 / (answers * static_cast<double>(lesson.answer_length())));
  }
  return weights;
}

PackedLessons pack(std::span<const Lesson> lessons, std::span<const double> weights) {
  std::vector<std::int32_t> tokens;
  std::vector<float> token_weights, logprobs, advantages;
  PackedLessons packed;
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    const Answer& answer = lessons[i].judged->answer;
    tokens.insert(tokens.end(), lessons[i].prompt->tokens.begin(), lessons[i].prompt->tokens.end());
    for (std::vector<float>* const values : {&token_weights, &logprobs, &advantages}) {
      values->resize(tokens.size(), 0);
    }
    tokens.insert(tokens.end(), answer.tokens.begin(), answer.tokens.end());
    logprobs.insert(logprobs.end(), answer.logprobs.begin(), answer.logprobs.end());
    token_weights.resize(tokens.size(), static_cast<float>(weights[i]));
    advantages.resize(tokens.size(), static_cast<float>(lessons[i].judged->advantage));
    packed.samples.lengths.push_back(lessons[i].length());
  }
  packed.samples.tokens = at::tensor(tokens, at::kInt).to(at::kLong);
  packed.samples.weights = at::tensor(token_weights, at::kFloat);
  packed.rollout_logprobs = at::tensor(logprobs, at::kFloat);
  packed.advantages = at::tensor(advantages, at::kFloat);
  return packed;
}

}  // namespace rq::rl
