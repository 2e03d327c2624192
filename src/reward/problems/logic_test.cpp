// That each puzzle has one solution, and the answer is it: found by trying everything, from the
// prompt's own words.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/format.h"
#include "reward/problem_generator.h"
#include "reward/testing/matches.h"

namespace rq::reward {
namespace {

template <typename Look>
void for_problems(std::string_view kind, Look&& look) {
  constexpr int kProblems = 60;  // of each difficulty
  for (int difficulty = 1; difficulty <= kMostDifficulty; ++difficulty) {
    for (std::int64_t i = 0; i < kProblems; ++i) {
      const Problem problem = draw_problem(kind, difficulty, 12, i);
      SCOPED_TRACE(problem.prompt);
      look(problem);
      if (testing::Test::HasFailure()) {
        return;
      }
    }
  }
}

// "A, B and C" as its items.
std::vector<std::string> items_of(std::string text) {
  if (const std::size_t last = text.find(" and "); last != std::string::npos) {
    text.replace(last, 5, ", ");
  }
  return parts(text, ", ");
}

using Row = std::vector<std::string>;
using Clue = std::function<bool(const Row&)>;

std::ptrdiff_t place(const Row& row, const std::string& name) {
  return std::ranges::find(row, name) - row.begin();
}

Clue clue_of(const std::string& words) {
  if (const auto at = match(words, "^(\\w+) is at place (\\d)\\.$"); !at.empty()) {
    return [at](const Row& row) { return place(row, at[1]) + 1 == std::stoll(at[2]); };
  }
  if (const auto in = match(words, "^(\\w+) is somewhere between (\\w+) and (\\w+)\\.$");
      !in.empty()) {
    return [in](const Row& row) {
      const auto left = place(row, in[2]), right = place(row, in[3]), middle = place(row, in[1]);
      return std::min(left, right) < middle && middle < std::max(left, right);
    };
  }
  const auto pair =
      match(words, "^(\\w+) is (left of|right of|directly left of|next to) (\\w+)\\.$");
  EXPECT_EQ(pair.size(), 4U) << "not understood: " << words;
  return [pair](const Row& row) {
    const auto distance = place(row, pair.at(3)) - place(row, pair.at(1));
    return pair[2] == "left of"            ? distance > 0
           : pair[2] == "right of"         ? distance < 0
           : pair[2] == "directly left of" ? distance == 1
                                           : distance == 1 || distance == -1;
  };
}

TEST(Order, OneRowAloneFitsAllClues) {
  for_problems("order", [](const Problem& problem) {
    std::vector<Clue> clues;
    std::vector<std::string> solutions;
    for (const auto& line : parts(problem.prompt, "\n")) {
      if (const auto found = match(line, "^\\d+\\. (.*)$"); !found.empty()) {
        clues.push_back(clue_of(found[1]));
      }
    }
    Row row = items_of(match(problem.prompt, "^(.*) stand in a row").at(1));
    std::ranges::sort(row);
    do {
      if (std::ranges::all_of(clues, [&](const auto& clue) { return clue(row); })) {
        solutions.push_back(fmt::format("{}", fmt::join(row, ", ")));
      }
    } while (std::ranges::next_permutation(row).found);
    EXPECT_EQ(solutions, std::vector{problem.answer});
  });
}

using Honest = std::map<std::string, bool>;
using Statement = std::function<bool(const Honest&)>;  // whether it can have been made

Statement statement_of(const std::string& line) {
  if (const auto fact = match(line, "^(\\w) (is honest|lies)\\.$"); !fact.empty()) {
    return [fact](const Honest& honest) { return honest.at(fact[1]) == (fact[2] == "is honest"); };
  }
  if (const auto one = match(line, "^\\d\\. (\\w) says: (\\w) (is honest|lies)\\.$");
      !one.empty()) {
    return [one](const Honest& honest) {
      return honest.at(one[1]) == (honest.at(one[2]) == (one[3] == "is honest"));
    };
  }
  const auto two = match(line, "^\\d\\. (\\w) says: (\\w) and (\\w) are (alike|different)\\.$");
  EXPECT_EQ(two.size(), 5U) << "not understood: " << line;
  return [two](const Honest& honest) {
    const bool are_alike = honest.at(two.at(2)) == honest.at(two.at(3));
    return honest.at(two[1]) == (are_alike == (two[4] == "alike"));
  };
}

// Those who are honest where bit i of a number is 0.
Honest honest_of(std::size_t bits, const std::vector<std::string>& people) {
  Honest honest;
  for (std::size_t i = 0; i < people.size(); ++i) {
    honest[people[i]] = (bits >> i & 1) == 0;
  }
  return honest;
}

std::string liars_of(const Honest& honest) {
  std::vector<std::string> liars;
  for (const auto& [person, is_honest] : honest) {
    if (!is_honest) {
      liars.push_back(person);
    }
  }
  return fmt::format("{}", fmt::join(liars, ", "));
}

TEST(Liars, OneChoiceOfLiarsAloneFitsWhatIsSaid) {
  for_problems("liars", [](const Problem& problem) {
    const std::vector<std::string> lines = parts(problem.prompt, "\n");
    const std::vector<std::string> people =
        items_of(match(lines.front(), "Each of (.*) either").at(1));
    std::vector<Statement> statements;
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
      statements.push_back(statement_of(lines[i]));
    }
    std::vector<std::string> solutions;
    for (std::size_t bits = 0; bits < std::size_t{1} << people.size(); ++bits) {
      const Honest honest = honest_of(bits, people);
      if (std::ranges::all_of(statements, [&](const auto& each) { return each(honest); })) {
        solutions.push_back(liars_of(honest));
      }
    }
    EXPECT_EQ(solutions, std::vector{problem.answer});
  });
}

bool has_all(const std::vector<std::string>& items, const std::vector<std::string>& wanted) {
  return std::ranges::all_of(wanted, [&](const std::string& item) {
    return std::ranges::find(items, item) != items.end();
  });
}

// How many like exactly one thing, any, or none, by taking the counts of the larger overlaps away.
std::int64_t count_asked(const std::string& prompt) {
  const auto found = match(prompt, "^Of (\\d+) people, (.*)\\. How many (.*)\\?$");
  std::map<std::vector<std::string>, std::int64_t> exactly;
  std::vector<std::pair<std::vector<std::string>, std::int64_t>> facts;
  const std::string text = found.at(2) + ",";
  for (const auto& fact : matches(text, "(\\d+) like ([a-z, ]*?)(?:,| and)(?= \\d|$)")) {
    facts.emplace_back(items_of(fact.at(2)), std::stoll(fact.at(1)));
  }
  std::ranges::sort(facts,
                    [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  std::int64_t any = 0, one = 0;
  for (const auto& [things, count] : facts) {
    std::int64_t alone = count;
    for (const auto& [others, part] : exactly) {
      alone -= has_all(others, things) ? part : 0;
    }
    EXPECT_GE(alone, 0);
    exactly[things] = alone;
    any += alone;
    one += things.size() == 1 ? alone : 0;
  }
  return found.at(3).find("exactly one") != std::string::npos ? one
         : found.at(3).find("none") != std::string::npos      ? std::stoll(found.at(1)) - any
                                                              : any;
}

TEST(Survey, CountsThePartsThatAreAskedFor) {
  for_problems("survey", [](const Problem& problem) {
    EXPECT_EQ(problem.answer, std::to_string(count_asked(problem.prompt)));
  });
}

using Values = std::map<std::string, bool>;

// "e = not a" or "e = a and b": the letter and its value.
std::pair<std::string, bool> defined(const std::string& definition, const Values& values) {
  const auto found = match(definition, "^(\\w) = (?:not (\\w)|(\\w) (\\w+) (\\w))$");
  if (!found.at(2).empty()) {
    return {found[1], !values.at(found[2])};
  }
  const int left = values.at(found[3]) ? 1 : 0, right = values.at(found[5]) ? 1 : 0;
  const int sum = left + right;
  return {found[1],
          found[4] == "and"   ? sum == 2
          : found[4] == "or"  ? sum > 0
          : found[4] == "xor" ? sum == 1
                              : left <= right};
}

TEST(Circuit, HasTheValuesThatItsDefinitionsGive) {
  for_problems("circuit", [](const Problem& problem) {
    Values values;
    std::string derived;
    const auto sentences = parts(problem.prompt, ". ");
    for (const auto& given : parts(sentences.at(1), ", ")) {
      values[given.substr(0, 1)] = given.at(2) == 'T';
    }
    for (const auto& definition : parts(sentences.at(2), ", ")) {
      const auto [name, value] = defined(definition, values);
      values[name] = value;
      derived += value ? 'T' : 'F';
    }
    EXPECT_EQ(problem.answer, derived);
  });
}

}  // namespace
}  // namespace rq::reward
