// Chains of operations on one number, undone as a check.

#include <array>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"
#include "reward/problems/operations.h"

namespace rq::reward {
namespace {

constexpr std::array<ChainLimits, 5> kLimits = {
    {{3, 9, 99}, {4, 9, 99}, {6, 20, 199}, {8, 50, 499}, {10, 99, 999}}};

}  // namespace

Draft draw_chain(Rng& rng, int difficulty) {
  const Chain chain = draw_chain_of(rng, at_difficulty(kLimits, difficulty));
  std::vector<std::string> words;
  for (const auto& each : chain.operations) {
    words.push_back(each.words());
  }
  return {.content = chain.content(),
          .prompt = fmt::format(
              "Start with {}. In this order: {}. What is the result?", chain.start, joined(words)),
          .answer = std::to_string(chain.result),
          .plan = "I keep the running value.\n",
          .steps = chain.steps(),
          .check =
              fmt::format("Let me check backwards from {}.\n{}That is the start, so it is right.\n",
                          chain.result,
                          chain.steps_back())};
}

}  // namespace rq::reward
