#pragma once
// Problems without end, each with its answer and two worked solutions: the same seed, kind,
// difficulty and index give the same bytes, on any machine.
//
//   ProblemStream problems({.kinds = {"sum", "order"}, .split = Split::kTrain, .seed = 1});
//   const Problem first = problems.next();
//
// Whether a problem may be trained on or is for testing depends on what it asks alone: no seed can
// make a training problem of a test problem, nor one of the same numbers in other words.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/rng.h"
#include "reward/problem.h"

namespace rq::reward {

struct ProblemKind {
  std::string_view name;
  Domain domain;
};

constexpr int kMostDifficulty = 5;  // the least is 1

// Every kind that can be drawn.
std::vector<ProblemKind> problem_kinds();

// Problem `index` of a kind, on either side of the split. An unknown kind or difficulty is an
// Error.
Problem draw_problem(std::string_view kind, int difficulty, std::uint64_t seed, std::int64_t index);

enum class Split : std::uint8_t { kTrain, kTest };

// The side that a problem is on, by its id: of ten ids, about one is for testing.
Split split_of(std::string_view id);

struct ProblemStreamConfig {
  std::vector<std::string> kinds = {};  // empty: all
  int least_difficulty = 1, most_difficulty = kMostDifficulty;
  Split split = Split::kTrain;
  std::uint64_t seed = 0;
};

// One problem after the other, none twice, of all kinds and difficulties alike while they last:
// some have a few dozen problems only. One thread at a time.
class ProblemStream {
 public:
  explicit ProblemStream(ProblemStreamConfig config);

  // An Error where there is no further problem, in so far as many draws tell.
  Problem next();

 private:
  struct Choice {
    std::string kind;
    int difficulty;
  };
  std::optional<Problem> draw_new(const Choice& choice);

  ProblemStreamConfig config_;
  Rng rng_;
  std::vector<Choice> choices_;  // those that are not used up
  std::int64_t drawn_ = 0;
  std::unordered_set<std::string> given_;  // ids
};

}  // namespace rq::reward
