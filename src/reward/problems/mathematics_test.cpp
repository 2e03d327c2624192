// That answers are right, found from the words of the problems by other means than those that wrote
// them; and that every step which is written down is right.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/format.h"
#include "reward/problem_generator.h"
#include "reward/testing/evaluate.h"
#include "reward/testing/matches.h"

namespace rq::reward {
namespace {

constexpr int kProblems = 150;  // of each kind and difficulty

template <typename Look>
void for_problems(std::string_view kind, Look&& look) {
  for (int difficulty = 1; difficulty <= kMostDifficulty; ++difficulty) {
    for (std::int64_t i = 0; i < kProblems; ++i) {
      const Problem problem = draw_problem(kind, difficulty, 11, i);
      SCOPED_TRACE(problem.prompt);
      look(problem);
      if (testing::Test::HasFailure()) {
        return;
      }
    }
  }
}

void expect_answers(std::string_view kind, std::int64_t (*answer)(const std::string& prompt)) {
  for_problems(kind, [&](const Problem& problem) {
    EXPECT_EQ(problem.answer, std::to_string(answer(problem.prompt)));
  });
}

// "What is 3 + 4?": what stands between.
std::string asked(const std::string& prompt) {
  return match(prompt, R"(^What is ([^?,]*)[?,])").at(1);
}

std::vector<std::int64_t> numbers_of(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (const auto& digits : matches(text, "[0-9]+")) {
    numbers.push_back(std::stoll(digits.front()));
  }
  return numbers;
}

std::int64_t follow_orders(const std::string& prompt) {
  std::int64_t value = std::stoll(match(prompt, "Start with ([0-9]+)").at(1));
  for (const auto& order : parts(match(prompt, "In this order: ([^.]*)\\.").at(1), ", ")) {
    const std::string amount =
        order == "double it" || order == "halve it" ? "2" : match(order, "[0-9]+").at(0);
    const char sign = order.starts_with("add")        ? '+'
                      : order.starts_with("subtract") ? '-'
                      : order.starts_with("halve")    ? '/'
                                                      : '*';
    value = evaluate(fmt::format("({}){}{}", value, sign, amount));
  }
  return value;
}

TEST(Sum, IsThatOfThePromptsNumbers) {
  expect_answers("sum", [](const std::string& prompt) { return evaluate(asked(prompt)); });
}

TEST(Product, IsThatOfThePromptsNumbers) {
  expect_answers("product", [](const std::string& prompt) { return evaluate(asked(prompt)); });
}

TEST(Division, IsThatOfThePromptsNumbersRoundedDown) {
  expect_answers("division", [](const std::string& prompt) { return evaluate(asked(prompt)); });
}

TEST(Expression, HasTheValueOfThePromptsExpression) {
  expect_answers("expression", [](const std::string& prompt) { return evaluate(asked(prompt)); });
}

TEST(Chain, EndsWhereThePromptsOrdersLead) {
  expect_answers("chain", &follow_orders);
}

TEST(Modular, EndsWhereThePromptsOrdersLeadModuloAHundred) {
  expect_answers("modular", [](const std::string& prompt) {
    return evaluate(fmt::format("({}) % 100", follow_orders(prompt)));
  });
}

TEST(Divisor, IsTheLargestNumberThatDividesAll) {
  expect_answers("divisor", [](const std::string& prompt) {
    const std::vector<std::int64_t> numbers = numbers_of(prompt);
    std::int64_t divisor = numbers.front();
    while (!std::ranges::all_of(numbers, [&](auto number) { return number % divisor == 0; })) {
      --divisor;
    }
    return divisor;
  });
}

TEST(Equation, HoldsForTheAnswerAndForNoOtherNumberNearIt) {
  for_problems("equation", [](const Problem& problem) {
    const auto sides = match(problem.prompt, "Solve (.*) = (.*) for x");
    for (std::int64_t x = -100; x <= 100; ++x) {
      EXPECT_EQ(evaluate(sides.at(1), x) == evaluate(sides.at(2), x),
                problem.answer == std::to_string(x));
    }
  });
}

TEST(Fraction, IsTheSumInLowestTerms) {
  for_problems("fraction", [](const Problem& problem) {
    const auto sum = match(problem.prompt, "What is (.*) in lowest terms").at(1);
    EXPECT_NEAR(Evaluator<double>(sum).value(), Evaluator<double>(problem.answer).value(), 1e-9);
    const std::vector<std::int64_t> numbers = numbers_of(problem.answer);
    if (numbers.size() == 2) {
      EXPECT_EQ(std::gcd(numbers[0], numbers[1]), 1);
      EXPECT_NE(numbers[1], 1);
    }
  });
}

TEST(Counting, FollowsTheSentences) {
  expect_answers("counting", [](const std::string& prompt) {
    const std::vector<std::string> sentences = parts(prompt, ". ");
    const std::string owner = match(sentences[0], "^[A-Z][a-z]+").at(0);
    std::int64_t value = numbers_of(sentences[0]).at(0);
    for (std::size_t i = 1; i + 1 < sentences.size(); ++i) {
      const std::string& each = sentences[i];
      const bool is_owner = each.starts_with(owner + " ");
      if (each.find(" half ") != std::string::npos) {
        EXPECT_EQ(value % 2, 0);
        value /= 2;
      } else if (each.find(" times ") != std::string::npos) {
        value *= numbers_of(each).at(0);
      } else {
        const bool is_gain = is_owner ? !match(each, "buys|finds|wins").empty()
                                      : each.find("gives " + owner) != std::string::npos;
        value += is_gain ? numbers_of(each).at(0) : -numbers_of(each).at(0);
      }
    }
    return value;
  });
}

TEST(Shopping, CostsWhatTheSentencesSay) {
  expect_answers("shopping", [](const std::string& prompt) -> std::int64_t {
    std::int64_t total = 0;
    for (const auto& item : matches(prompt, "([0-9]+) [a-z]+ for ([0-9]+) dollars each")) {
      total += std::stoll(item.at(1)) * std::stoll(item.at(2));
    }
    const auto paid = match(prompt, "pays with ([0-9]+)");
    const auto people = match(prompt, "([0-9]+) people pay the same");
    if (!people.empty()) {
      EXPECT_EQ(total % std::stoll(people.at(1)), 0);
      return total / std::stoll(people.at(1));
    }
    return paid.empty() ? total : std::stoll(paid.at(1)) - total;
  });
}

// "Ben has 5 more than Anna": what Ben has.
std::int64_t count_in(const std::string& sentence, const std::map<std::string, std::int64_t>& has) {
  const auto numbers = numbers_of(sentence);
  const auto other = match(sentence, "(?:than|as) ([A-Z][a-z]+)$");
  if (other.empty()) {
    return numbers.at(0);
  }
  const std::int64_t before = has.at(other.at(1));
  return sentence.find(" half ") != std::string::npos        ? before / 2
         : sentence.find(" times ") != std::string::npos     ? before * numbers.at(0)
         : sentence.find(" more than ") != std::string::npos ? before + numbers.at(0)
                                                             : before - numbers.at(0);
}

TEST(Comparing, AddsUpWhatTheSentencesSayOfEach) {
  expect_answers("comparing", [](const std::string& prompt) {
    std::map<std::string, std::int64_t> has;
    std::int64_t sum = 0;
    std::vector<std::string> sentences = parts(prompt, ". ");
    sentences.pop_back();  // the question
    for (const auto& each : sentences) {
      const std::int64_t count = count_in(each, has);
      has[match(each, "^[A-Z][a-z]+").at(0)] = count;
      sum += count;
    }
    return sum;
  });
}

// "3+4=7" wherever it stands, but for those that go on, as "1/2=3/6" does.
int count_wrong_steps(const std::string& text, int& steps) {
  int wrong = 0;
  for (const auto& step : matches(text, R"((-?\d+(?: ?[-+*/%] ?-?\d+)+)=(-?\d+)(?! ?[-+*/\d]))")) {
    ++steps;
    wrong += evaluate(step.at(1)) == std::stoll(step.at(2)) ? 0 : 1;
  }
  return wrong;
}

TEST(Steps, OfEveryKindAreRightOneByOne) {
  for (const auto& kind : problem_kinds()) {
    if (kind.domain == Domain::kCode && kind.name != "inferred-function") {
      continue;
    }
    int steps = 0;
    for_problems(kind.name, [&](const Problem& problem) {
      EXPECT_EQ(count_wrong_steps(problem.long_reasoning, steps), 0) << problem.long_reasoning;
    });
    if (kind.domain == Domain::kMath || kind.name == "survey") {
      EXPECT_GT(steps, 5 * kProblems) << kind.name;
    }
  }
}

TEST(Steps, ThatAreWrongWouldBeFound) {
  int steps = 0;
  EXPECT_EQ(count_wrong_steps("ones: 3+4=7, 7+5=13, write 2", steps), 1);
  EXPECT_EQ(count_wrong_steps("1/2=3/6 and 12 - 14=-2", steps), 0);
  EXPECT_EQ(steps, 3);
}

}  // namespace
}  // namespace rq::reward
