// Word problems of people of whom each has so many more, fewer or times as many as the one before.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
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
    {{1, 20, 99}, {2, 20, 99}, {3, 20, 99}, {4, 50, 300}, {6, 99, 900}}};

std::string relation(const Operation& operation,
                     const std::string& name,
                     const std::string& before,
                     const std::string& things) {
  switch (operation.kind) {
    case Kind::kAdd:
      return fmt::format("{} has {} more than {}.", name, operation.amount, before);
    case Kind::kSubtract:
      return fmt::format("{} has {} fewer than {}.", name, operation.amount, before);
    case Kind::kMultiply:
      return fmt::format(
          "{} has {} times as many {} as {}.", name, operation.amount, things, before);
    case Kind::kDivide:
      return fmt::format("{} has half as many {} as {}.", name, things, before);
  }
  return {};
}

struct Sums {
  std::string steps, steps_back;
  std::int64_t total = 0;
};

// Everything together, and what is left when the last ones are taken away again.
Sums add_up(const std::vector<std::int64_t>& values) {
  Sums sums;
  sums.total = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) {
    sums.steps += fmt::format("{}+{}={}\n", sums.total, values[i], sums.total + values[i]);
    sums.total += values[i];
  }
  std::int64_t left = sums.total;
  for (std::size_t i = values.size(); i-- > 1;) {
    sums.steps_back += fmt::format("{}-{}={}\n", left, values[i], left - values[i]);
    left -= values[i];
  }
  return sums;
}

}  // namespace

Draft draw_comparing(Rng& rng, int difficulty) {
  const Chain chain = draw_chain_of(rng, at_difficulty(kLimits, difficulty));
  const std::vector<std::string> names = draw_names(rng, chain.operations.size() + 1);
  const std::string things = draw_things(rng, 1).front();
  std::vector<std::int64_t> values = {chain.start};
  std::vector<std::string> relations;
  std::string steps = fmt::format("{}: {}\n", names[0], chain.start);
  for (std::size_t i = 0; i < chain.operations.size(); ++i) {
    const Operation& each = chain.operations[i];
    relations.push_back(relation(each, names[i + 1], names[i], things));
    steps += fmt::format("{}: {}\n", names[i + 1], each.written(values.back()));
    values.push_back(each(values.back()));
  }
  const Sums sums = add_up(values);
  return {.content = chain.content(),
          .prompt = fmt::format("{} has {} {}. {} How many {} do they have together?",
                                names[0],
                                chain.start,
                                things,
                                joined(relations, " "),
                                things),
          .answer = std::to_string(sums.total),
          .plan = "I find what each one has, then add it up.\n",
          .steps = steps + sums.steps,
          .check = fmt::format("Let me check backwards.\n{}{}{} has {}, so it is right.\n",
                               sums.steps_back,
                               chain.steps_back(),
                               names[0],
                               chain.start)};
}

}  // namespace rq::reward
