// Steps of functions that are given a number.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "reward/problems/draft.h"
#include "reward/problems/function_steps.h"

namespace rq::reward {
namespace {

constexpr auto kFrom = ValueType::kNumber, kList = ValueType::kNumbers;
constexpr std::int64_t kMostNumber = 1'000'000'000, kMostTried = 1000;
constexpr std::size_t kMostItems = 40;

using Result = std::optional<Value>;

std::int64_t number(const Value& value) {
  return std::get<std::int64_t>(value);
}

Result within_limits(std::int64_t value) {
  return std::abs(value) <= kMostNumber ? Result(value) : std::nullopt;
}

Result digits(const Value& value, std::int64_t) {
  Numbers all;
  for (const char c : std::to_string(std::abs(number(value)))) {
    all.push_back(c - '0');
  }
  return all;
}

// The numbers from 1 to the value that pass.
template <typename Test>
Result numbers_up_to(const Value& value, Test&& passes) {
  if (number(value) < 1 || number(value) > kMostTried) {
    return std::nullopt;
  }
  Numbers all;
  for (std::int64_t i = 1; i <= number(value); ++i) {
    if (passes(i)) {
      all.push_back(i);
    }
  }
  return all.size() <= kMostItems ? Result(all) : std::nullopt;
}

Result divisors(const Value& value, std::int64_t) {
  return numbers_up_to(value, [&](std::int64_t i) { return number(value) % i == 0; });
}

Result reversed_digits(const Value& value, std::int64_t) {
  std::string text = std::to_string(std::abs(number(value)));
  std::ranges::reverse(text);
  return std::stoll(text);
}

constexpr FunctionStep kSteps[] = {
    {kFrom,
     kFrom,
     "add {k} to it",
     "{v} + {k}",
     [](const Value& v, std::int64_t k) { return within_limits(number(v) + k); },
     2,
     99},
    {kFrom,
     kFrom,
     "subtract {k} from it",
     "{v} - {k}",
     [](const Value& v, std::int64_t k) { return within_limits(number(v) - k); },
     2,
     99},
    {kFrom,
     kFrom,
     "multiply it by {k}",
     "{v} * {k}",
     [](const Value& v, std::int64_t k) { return within_limits(number(v) * k); },
     2,
     99},
    {kFrom,
     kFrom,
     "square it",
     "{v} * {v}",
     [](const Value& v, std::int64_t) { return within_limits(number(v) * number(v)); }},
    {kFrom,
     kFrom,
     "take the remainder by {k}",
     "{v} % {k}",
     [](const Value& v, std::int64_t k) { return Result(modulo(number(v), k)); },
     2,
     99},
    {kFrom,
     kFrom,
     "divide it by {k}, rounded down",
     "{v} // {k}",
     [](const Value& v, std::int64_t k) { return Result((number(v) - modulo(number(v), k)) / k); },
     2,
     99},
    {kFrom,
     kFrom,
     "take its distance from {k}",
     "abs({v} - {k})",
     [](const Value& v, std::int64_t k) { return Result(std::abs(number(v) - k)); },
     2,
     99},
    {kFrom,
     kFrom,
     "take the larger of it and {k}",
     "max({v}, {k})",
     [](const Value& v, std::int64_t k) { return Result(std::max(number(v), k)); },
     2,
     99},
    {kFrom,
     kFrom,
     "take the smaller of it and {k}",
     "min({v}, {k})",
     [](const Value& v, std::int64_t k) { return Result(std::min(number(v), k)); },
     2,
     99},
    {kFrom,
     kFrom,
     "reverse its digits, without the sign",
     "int(str(abs({v}))[::-1])",
     &reversed_digits},
    {kFrom,
     kList,
     "make a list of its digits, without the sign",
     "[int(d) for d in str(abs({v}))]",
     &digits},
    {kFrom,
     kList,
     "make a list of the numbers from 1 to it",
     "list(range(1, {v} + 1))",
     [](const Value& v, std::int64_t) {
       return numbers_up_to(v, [](std::int64_t) { return true; });
     }},
    {kFrom,
     kList,
     "make a list of the numbers from 1 to it that {k} divides",
     "[i for i in range(1, {v} + 1) if i % {k} == 0]",
     [](const Value& v, std::int64_t k) {
       return numbers_up_to(v, [&](std::int64_t i) { return i % k == 0; });
     },
     2,
     12},
    {kFrom,
     kList,
     "make a list of its divisors",
     "[i for i in range(1, {v} + 1) if {v} % i == 0]",
     &divisors},
};

}  // namespace

std::span<const FunctionStep> number_steps() {
  return kSteps;
}

}  // namespace rq::reward
