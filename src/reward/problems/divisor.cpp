// Greatest common divisors by Euclid's algorithm.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Size {
  int numbers;
  std::int64_t most_divisor, most_multiple;
};
constexpr std::array<Size, 5> kSizes = {
    {{2, 60, 9}, {2, 80, 16}, {2, 99, 40}, {3, 99, 40}, {4, 99, 60}}};

// "84%36=12" until nothing is left.
std::string euclid(std::int64_t larger, std::int64_t smaller) {
  std::string text;
  while (smaller > 0) {
    text += fmt::format("{}%{}={}\n", larger, smaller, larger % smaller);
    larger = std::exchange(smaller, larger % smaller);
  }
  return text + fmt::format("so far {}\n", larger);
}

std::string check_quotients(const std::vector<std::int64_t>& numbers, std::int64_t divisor) {
  std::string text = "Let me check by dividing.\n";
  std::vector<std::int64_t> quotients;
  for (const auto number : numbers) {
    quotients.push_back(number / divisor);
    text += fmt::format("{}/{}={}\n", number, divisor, quotients.back());
  }
  return text +
         fmt::format("No number above 1 divides all of {}, so it is right.\n", listed(quotients));
}

}  // namespace

Draft draw_divisor(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  const std::int64_t factor = rng.between(2, size.most_divisor);
  std::vector<std::int64_t> numbers;
  while (static_cast<int>(numbers.size()) < size.numbers) {
    const std::int64_t number = factor * rng.between(2, size.most_multiple);
    if (std::ranges::find(numbers, number) == numbers.end()) {
      numbers.push_back(number);
    }
  }
  std::ranges::sort(numbers, std::greater());
  std::int64_t divisor = numbers.front();
  std::string steps;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    steps += euclid(std::max(divisor, numbers[i]), std::min(divisor, numbers[i]));
    divisor = std::gcd(divisor, numbers[i]);
  }
  return {.content = joined(numbers),
          .prompt = fmt::format("What is the greatest common divisor of {}?", listed(numbers)),
          .answer = std::to_string(divisor),
          .plan = "I take remainders until nothing is left.\n",
          .steps = steps,
          .check = check_quotients(numbers, divisor)};
}

}  // namespace rq::reward
