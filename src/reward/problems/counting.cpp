// Word problems of what somebody has after gains and losses, undone as a check.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"
#include "reward/problems/operations.h"

namespace rq::reward {
namespace {

using Kind = Operation::Kind;

constexpr std::array<ChainLimits, 5> kLimits = {
    {{2, 9, 99}, {3, 9, 99}, {4, 20, 199}, {6, 50, 499}, {8, 99, 999}}};
constexpr auto kGains = std::to_array<std::string_view>(
    {"{0} buys {1} more.", "{2} gives {0} {1}.", "{0} finds {1}.", "{0} wins {1} from {2}."});
constexpr auto kLosses = std::to_array<std::string_view>(
    {"{0} gives {1} to {2}.", "{0} loses {1}.", "{0} sells {1}.", "{2} takes {1} away."});

std::string event(Rng& rng,
                  const Operation& operation,
                  const std::string& owner,
                  const std::string& other) {
  switch (operation.kind) {
    case Kind::kAdd:
      return fmt::format(fmt::runtime(one_of(rng, kGains)), owner, operation.amount, other);
    case Kind::kSubtract:
      return fmt::format(fmt::runtime(one_of(rng, kLosses)), owner, operation.amount, other);
    case Kind::kMultiply:
      return fmt::format("Then {} has {} times as many.", owner, operation.amount);
    case Kind::kDivide:
      return fmt::format("{} gives half of them to {}.", owner, other);
  }
  return {};
}

}  // namespace

Draft draw_counting(Rng& rng, int difficulty) {
  const Chain chain = draw_chain_of(rng, at_difficulty(kLimits, difficulty));
  const std::vector<std::string> names = draw_names(rng, 2);
  const std::string things = draw_things(rng, 1).front();
  std::vector<std::string> events;
  for (const auto& each : chain.operations) {
    events.push_back(event(rng, each, names[0], names[1]));
  }
  return {
      .content = chain.content(),
      .prompt = fmt::format("{0} has {1} {2}. {3} How many {2} does {0} have now?",
                            names[0],
                            chain.start,
                            things,
                            joined(events, " ")),
      .answer = std::to_string(chain.result),
      .plan = fmt::format("I keep count of the {}.\n", things),
      .steps = chain.steps(),
      .check = fmt::format("Let me check backwards from {}.\n{}{} began with {}, so it is right.\n",
                           chain.result,
                           chain.steps_back(),
                           names[0],
                           chain.start)};
}

}  // namespace rq::reward
