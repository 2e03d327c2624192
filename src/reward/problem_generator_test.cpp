// What holds for every kind of problem: the same seed the same bytes, sides that never meet, and
// solutions of a shape and size that can be learnt from.

#include "reward/problem_generator.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "reward/problem.h"

namespace rq::reward {
namespace {

// Calls `look` with problems of every kind and difficulty.
template <typename Look>
void for_all_kinds(std::int64_t problems, Look&& look) {
  for (const auto& kind : problem_kinds()) {
    for (int difficulty = 1; difficulty <= kMostDifficulty; ++difficulty) {
      for (std::int64_t i = 0; i < problems; ++i) {
        look(draw_problem(kind.name, difficulty, 5, i));
      }
    }
  }
}

std::string error_of_next(ProblemStream& problems) {
  try {
    problems.next();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(DrawProblem, TheSameSeedAndIndexGiveTheSameProblemAndOthersOthers) {
  for (const auto& kind : problem_kinds()) {
    const Problem problem = draw_problem(kind.name, 3, 5, 17);
    EXPECT_EQ(problem, draw_problem(kind.name, 3, 5, 17));
    EXPECT_NE(problem, draw_problem(kind.name, 3, 6, 17));
    EXPECT_NE(problem, draw_problem(kind.name, 3, 5, 18));
  }
}

TEST(DrawProblem, IsWholeAndComesBackFromItsLine) {
  for_all_kinds(5, [](const Problem& problem) {
    EXPECT_EQ(parse_problem(to_line(problem), problem.id), problem);
    EXPECT_EQ(problem.tests.empty(), problem.domain != Domain::kCode);
  });
}

TEST(DrawProblem, BothSolutionsEndInTheAnswerAndTheLongOneHoldsTheShortOne) {
  for_all_kinds(40, [](const Problem& problem) {
    const std::string end = written_answer(problem.domain, problem.answer);
    ASSERT_TRUE(problem.short_reasoning.ends_with("\n" + end)) << problem.short_reasoning;
    ASSERT_TRUE(problem.long_reasoning.ends_with("so it is right.\n" + end) ||
                problem.long_reasoning.ends_with("So it is right.\n" + end))
        << problem.long_reasoning;
    const std::string steps =
        problem.short_reasoning.substr(0, problem.short_reasoning.size() - end.size());
    const std::size_t at = problem.long_reasoning.find(steps);
    ASSERT_TRUE(at != std::string::npos && at > 0) << problem.long_reasoning;
    EXPECT_TRUE(problem.long_reasoning.substr(at + steps.size()).starts_with("Let me check"));
  });
}

TEST(DrawProblem, AllTextIsPrintableAscii) {
  for_all_kinds(40, [](const Problem& problem) {
    for (const char c : problem.prompt + problem.long_reasoning + problem.tests.program) {
      ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << problem.long_reasoning;
    }
  });
}

TEST(DrawProblem, SolutionsGrowWithTheDifficulty) {
  constexpr std::size_t kProblems = 100;
  std::map<std::string, std::map<int, std::size_t>> bytes;
  for_all_kinds(kProblems, [&](const Problem& problem) {
    bytes[problem.kind][problem.difficulty] +=
        problem.short_reasoning.size() - problem.answer.size();
  });
  for (auto& [kind, by_difficulty] : bytes) {
    EXPECT_LT(by_difficulty[1], by_difficulty[2]) << kind;
    EXPECT_LT(by_difficulty[2], by_difficulty[3]) << kind;
    EXPECT_LT(by_difficulty[3] * 11 / 10, by_difficulty[5]) << kind;
  }
}

TEST(DrawProblem, TheEasyOnesFitAShortContext) {
  constexpr std::size_t kMostBytes = 640;  // 256 tokens of 2.5 bytes
  for_all_kinds(200, [&](const Problem& problem) {
    if (problem.difficulty <= 2) {
      ASSERT_LE(problem.prompt.size() + problem.short_reasoning.size(), kMostBytes)
          << problem.prompt << problem.short_reasoning;
    }
  });
}

TEST(DrawProblem, NoAnswerIsSoFrequentThatGuessingPays) {
  constexpr std::int64_t kProblems = 300;
  std::map<std::string, std::map<std::string, std::int64_t>> times;
  for_all_kinds(kProblems, [&](const Problem& problem) {
    ++times[problem.kind + " " + std::to_string(problem.difficulty)][problem.answer];
  });
  for (const auto& [name, by_answer] : times) {
    std::int64_t most = 0;
    for (const auto& [answer, count] : by_answer) {
      most = std::max(most, count);
    }
    EXPECT_LT(most, kProblems / 10) << name;
    EXPECT_GE(by_answer.size(), 20U) << name;
  }
}

TEST(DrawProblem, UnknownKindsAndDifficultiesAreRefused) {
  EXPECT_THROW(draw_problem("sums", 1, 0, 0), Error);
  EXPECT_THROW(draw_problem("sum", 0, 0, 0), Error);
  EXPECT_THROW(draw_problem("sum", 6, 0, 0), Error);
}

// Whatever the seed: a prompt of one side is none of the other, and one id has one side.
TEST(Split, TestProblemsAreNeverTrainingProblemsWithAnySeedAndNoneComesTwice) {
  constexpr int kProblems = 8'000;
  std::unordered_map<std::string, Split> sides;  // by prompt
  std::set<std::string> ids[2];
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const Split split : {Split::kTrain, Split::kTest}) {
      ProblemStream problems({.most_difficulty = 3, .split = split, .seed = seed});
      std::set<std::string> own;
      for (int i = 0; i < kProblems / (split == Split::kTrain ? 1 : 10); ++i) {
        const Problem problem = problems.next();
        ASSERT_TRUE(own.insert(problem.id).second) << problem.prompt;
        ids[static_cast<int>(split)].insert(problem.id);
        ASSERT_EQ(sides.try_emplace(problem.prompt, split).first->second, split) << problem.prompt;
      }
    }
  }
  EXPECT_GT(sides.size(), 30'000U);
  for (const auto& id : ids[1]) {
    EXPECT_FALSE(ids[0].contains(id)) << id;
  }
}

TEST(Split, AboutATenthIsForTesting) {
  int tests = 0;
  constexpr int kProblems = 5000;
  for (int i = 0; i < kProblems; ++i) {
    tests += split_of(draw_problem("sum", 3, 1, i).id) == Split::kTest ? 1 : 0;
  }
  EXPECT_NEAR(tests, 0.1 * kProblems, 70);
}

TEST(Split, TheSameTermsInAnotherOrderAreTheSameProblem) {
  std::map<std::set<std::string>, std::string> ids;  // by the two terms
  int again = 0;
  for (int i = 0; i < 3000; ++i) {
    const Problem problem = draw_problem("sum", 1, 1, i);
    const std::string left = problem.prompt.substr(8, 2), right = problem.prompt.substr(13, 2);
    const auto [found, is_new] = ids.try_emplace({left, right}, problem.id);
    EXPECT_EQ(found->second, problem.id);
    again += is_new ? 0 : 1;
  }
  EXPECT_GT(again, 100);
}

TEST(ProblemStream, GivesTheSameProblemsAgainAndNoneTwice) {
  ProblemStream first({.seed = 9}), second({.seed = 9});
  std::set<std::string> ids, prompts;
  constexpr std::size_t kProblems = 10'000;
  for (std::size_t i = 0; i < kProblems; ++i) {
    const Problem problem = first.next();
    ids.insert(problem.id);
    prompts.insert(problem.prompt);
    if (i < 200) {
      EXPECT_EQ(problem, second.next());
    }
  }
  EXPECT_EQ(ids.size(), kProblems);
  EXPECT_EQ(prompts.size(), kProblems);
}

TEST(ProblemStream, GivesWhatWasAskedFor) {
  ProblemStream problems(
      {.kinds = {"sum", "order"}, .least_difficulty = 2, .most_difficulty = 3, .seed = 1});
  std::map<std::string, int> kinds;
  std::map<int, int> difficulties;
  for (int i = 0; i < 400; ++i) {
    const Problem problem = problems.next();
    ++kinds[problem.kind];
    ++difficulties[problem.difficulty];
    EXPECT_EQ(split_of(problem.id), Split::kTrain);
  }
  EXPECT_EQ(kinds.size(), 2U);
  EXPECT_NEAR(kinds["sum"], 200, 60);
  EXPECT_EQ(difficulties.size(), 2U);
  EXPECT_NEAR(difficulties[2], 200, 60);
}

TEST(ProblemStream, GoesOnWithOtherKindsWhereOneIsUsedUpAndSaysWhereAllAre) {
  ProblemStreamConfig config{
      .kinds = {"text-function"}, .most_difficulty = 1, .split = Split::kTest, .seed = 1};
  ProblemStream few(config);
  std::string error;
  int given = 0;
  for (; given < 1000 && error.empty(); ++given) {
    error = error_of_next(few);
  }
  EXPECT_NE(error.find("text-function, difficulty 1 to 1"), std::string::npos) << error;
  config.kinds.emplace_back("sum");
  ProblemStream many(config);
  std::map<std::string, int> kinds;
  for (int i = 0; i < 4 * given; ++i) {
    ++kinds[many.next().kind];
  }
  EXPECT_GT(kinds["sum"], 2 * given);
  EXPECT_GT(kinds["text-function"], given / 2);
}

TEST(ProblemStream, WrongSettingsAreRefused) {
  EXPECT_THROW(ProblemStream({.kinds = {"sums"}}), Error);
  EXPECT_THROW(ProblemStream({.least_difficulty = 3, .most_difficulty = 2}), Error);
  EXPECT_THROW(ProblemStream({.most_difficulty = 7}), Error);
}

}  // namespace
}  // namespace rq::reward
