#pragma once
// What a kind of problem draws, before it gets its id and its place in a set; and the small things
// that several kinds share.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problem.h"

namespace rq::reward {

// The short solution is `steps`; the long one is `plan`, `steps` and `check`. These are whole
// lines.
struct Draft {
  std::string content = {};  // what is asked, without names and wording: equal for equal problems
  std::string prompt = {};
  std::string answer = {};
  bool is_ordered = false;  // as Problem's
  CodeTests tests = {};     // code alone
  std::string plan = {};    // a first thought
  std::string steps = {};   // each a small look-up
  std::string check = {};   // the result once more, by another way
};

// The entry for a difficulty of 1 to 5.
template <typename Value>
const Value& at_difficulty(const std::array<Value, 5>& values, int difficulty) {
  return values[static_cast<std::size_t>(difficulty - 1)];
}

// Tests of a function `solve` of one argument, whose header may be repeated: inputs and outputs as
// Python and JSON both write them.
CodeTests tests_of_solve(const std::string& header,
                         const std::vector<std::pair<std::string, std::string>>& cases);

// "a, b, c"
template <typename Items>
std::string joined(const Items& items, std::string_view between = ", ") {
  return fmt::format("{}", fmt::join(items, between));
}

// "a, b and c", of at least one item
template <typename Item>
std::string listed(const std::vector<Item>& items) {
  const std::string before = joined(std::vector<Item>(items.begin(), items.end() - 1));
  return fmt::format("{}{}{}", before, before.empty() ? "" : " and ", items.back());
}

// `count` different first names of people.
std::vector<std::string> draw_names(Rng& rng, std::size_t count);
// `count` different things that can be counted, in the plural: "apples".
std::vector<std::string> draw_things(Rng& rng, std::size_t count);

// The remainder that is never negative; modulus > 0.
constexpr std::int64_t modulo(std::int64_t value, std::int64_t modulus) {
  return ((value % modulus) + modulus) % modulus;
}

}  // namespace rq::reward
