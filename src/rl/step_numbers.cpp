#include "rl/step_numbers.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rq::rl {

std::vector<std::pair<std::string, double>> StepNumbers::scalars() const {
  std::vector<std::pair<std::string, double>> all = {{"reward", reward},
                                                     {"answer_length", length},
                                                     {"answers_cut", cut},
                                                     {"flat_groups", flat},
                                                     {"entropy", entropy},
                                                     {"kl", kl},
                                                     {"clipped", clipped},
                                                     {"mismatch", mismatch}};
  for (const auto& [domain, value] : rewards) {
    all.emplace_back("reward_" + domain, value);
  }
  for (const auto& [domain, value] : right) {
    all.emplace_back("right_" + domain, value);
  }
  return all;
}

StepNumbers numbers_of(const std::vector<JudgedGroup>& groups, const std::vector<Prompt>& prompts) {
  StepNumbers numbers;
  std::map<std::string, double> counts;
  double answers = 0, tokens = 0, flat = 0;
  for (const JudgedGroup& group : groups) {
    const std::string& domain = prompts[group.prompt].domain;
    for (const JudgedAnswer& judged : group.answers) {
      answers += 1;
      counts[domain] += 1;
      numbers.reward += judged.reward.value;
      numbers.rewards[domain] += judged.reward.value;
      numbers.right[domain] += judged.reward.is_right ? 1 : 0;
      numbers.cut += judged.answer.is_cut ? 1 : 0;
      tokens += static_cast<double>(judged.answer.tokens.size());
      for (const float logprob : judged.answer.logprobs) {
        numbers.entropy -= static_cast<double>(logprob);
      }
    }
    flat += group.is_flat() ? 1 : 0;
  }
  numbers.reward /= answers;
  numbers.cut /= answers;
  numbers.length = tokens / answers;
  numbers.entropy /= tokens;
  numbers.flat = flat / static_cast<double>(groups.size());
  for (const auto& [domain, count] : counts) {
    numbers.rewards[domain] /= count;
    numbers.right[domain] /= count;
  }
  return numbers;
}

}  // namespace rq::rl
