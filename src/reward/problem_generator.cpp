#include "reward/problem_generator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/rng.h"
#include "reward/problem.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

// Adding a kind: one file, its line in kinds.h and one here.
struct Kind {
  std::string_view name;
  Domain domain;
  Draft (*draw)(Rng& rng, int difficulty);
};
constexpr auto kKinds = std::to_array<Kind>({
    {"sum", Domain::kMath, &draw_sum},
    {"product", Domain::kMath, &draw_product},
    {"division", Domain::kMath, &draw_division},
    {"chain", Domain::kMath, &draw_chain},
    {"modular", Domain::kMath, &draw_modular},
    {"expression", Domain::kMath, &draw_expression},
    {"divisor", Domain::kMath, &draw_divisor},
    {"equation", Domain::kMath, &draw_equation},
    {"fraction", Domain::kMath, &draw_fraction},
    {"counting", Domain::kMath, &draw_counting},
    {"shopping", Domain::kMath, &draw_shopping},
    {"comparing", Domain::kMath, &draw_comparing},
    {"order", Domain::kLogic, &draw_order},
    {"liars", Domain::kLogic, &draw_liars},
    {"survey", Domain::kLogic, &draw_survey},
    {"circuit", Domain::kLogic, &draw_circuit},
    {"list-function", Domain::kCode, &draw_list_function},
    {"text-function", Domain::kCode, &draw_text_function},
    {"number-function", Domain::kCode, &draw_number_function},
    {"inferred-function", Domain::kCode, &draw_inferred_function},
});

const Kind& find(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &Kind::name);
  check(found != kKinds.end(), "there is no kind of problem \"{}\"", name);
  return *found;
}

void check_difficulty(int difficulty) {
  check(difficulty >= 1 && difficulty <= kMostDifficulty,
        "difficulty {} is not from 1 to {}",
        difficulty,
        kMostDifficulty);
}

}  // namespace

std::vector<ProblemKind> problem_kinds() {
  std::vector<ProblemKind> kinds;
  for (const auto& kind : kKinds) {
    kinds.push_back({.name = kind.name, .domain = kind.domain});
  }
  return kinds;
}

Problem draw_problem(std::string_view name,
                     int difficulty,
                     std::uint64_t seed,
                     std::int64_t index) {
  const Kind& kind = find(name);
  check_difficulty(difficulty);
  Rng rng(seed, fmt::format("reward/problem/{}/{}/{}", name, difficulty, index));
  Draft draft = kind.draw(rng, difficulty);
  const std::string end = written_answer(kind.domain, draft.answer);
  return {.id = fmt::format("{}-{}", name, hex64(xxh3(draft.content))),
          .domain = kind.domain,
          .kind = std::string(name),
          .difficulty = difficulty,
          .prompt = std::move(draft.prompt),
          .answer = std::move(draft.answer),
          .is_ordered = draft.is_ordered,
          .tests = std::move(draft.tests),
          .short_reasoning = draft.steps + end,
          .long_reasoning = draft.plan + draft.steps + draft.check + end};
}

Split split_of(std::string_view id) {
  return xxh3(id) % 10 == 0 ? Split::kTest : Split::kTrain;
}

ProblemStream::ProblemStream(ProblemStreamConfig config)
    : config_(std::move(config)), rng_(config_.seed, "reward/problem-stream") {
  check_difficulty(config_.least_difficulty);
  check_difficulty(config_.most_difficulty);
  check(config_.least_difficulty <= config_.most_difficulty,
        "the least difficulty {} is above the most, {}",
        config_.least_difficulty,
        config_.most_difficulty);
  if (config_.kinds.empty()) {
    for (const auto& kind : kKinds) {
      config_.kinds.emplace_back(kind.name);
    }
  }
  for (const auto& kind : config_.kinds) {
    find(kind);
    for (int i = config_.least_difficulty; i <= config_.most_difficulty; ++i) {
      choices_.push_back({.kind = kind, .difficulty = i});
    }
  }
}

std::optional<Problem> ProblemStream::draw_new(const Choice& choice) {
  constexpr int kMostDraws = 1000;  // of which a tenth are for testing
  for (int i = 0; i < kMostDraws; ++i) {
    Problem problem = draw_problem(choice.kind, choice.difficulty, config_.seed, drawn_++);
    if (split_of(problem.id) == config_.split && given_.insert(problem.id).second) {
      return problem;
    }
  }
  return std::nullopt;
}

Problem ProblemStream::next() {
  while (!choices_.empty()) {
    const auto choice = choices_.begin() + static_cast<std::ptrdiff_t>(rng_.below(choices_.size()));
    if (auto problem = draw_new(*choice)) {
      return *std::move(problem);
    }
    choices_.erase(choice);
  }
  fail("there is no further problem of {}, difficulty {} to {}, after {}",
       fmt::join(config_.kinds, ", "),
       config_.least_difficulty,
       config_.most_difficulty,
       given_.size());
}

}  // namespace rq::reward
