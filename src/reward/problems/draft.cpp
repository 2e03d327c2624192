#include "reward/problems/draft.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"

namespace rq::reward {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"Anna", "Ben", "Cleo", "Dan", "Eva",  "Finn", "Gina", "Hugo", "Ida",  "Jan",
     "Kim",  "Leo", "Mia",  "Ned", "Olga", "Paul", "Rosa", "Sam",  "Tina", "Uli"});
constexpr auto kThings = std::to_array<std::string_view>({"apples",
                                                          "books",
                                                          "cards",
                                                          "coins",
                                                          "eggs",
                                                          "pens",
                                                          "stamps",
                                                          "shells",
                                                          "plums",
                                                          "nuts",
                                                          "cups",
                                                          "keys",
                                                          "pears",
                                                          "boxes",
                                                          "stones",
                                                          "roses"});

template <std::size_t kCount>
std::vector<std::string> draw(Rng& rng,
                              const std::array<std::string_view, kCount>& words,
                              std::size_t count) {
  std::vector<std::string> drawn(words.begin(), words.end());
  rng.shuffle(drawn);
  drawn.resize(count);
  return drawn;
}

}  // namespace

CodeTests tests_of_solve(const std::string& header,
                         const std::vector<std::pair<std::string, std::string>>& cases) {
  CodeTests tests{.entry_point = "solve", .setup = header, .program = "def check(candidate):\n"};
  for (const auto& [input, output] : cases) {
    tests.program += fmt::format("    assert candidate({}) == {}\n", input, output);
    tests.cases.push_back({.input = fmt::format("[{}]", input), .output = output});
  }
  tests.program += "\ncheck(solve)\n";
  return tests;
}

std::vector<std::string> draw_names(Rng& rng, std::size_t count) {
  return draw(rng, kNames, count);
}

std::vector<std::string> draw_things(Rng& rng, std::size_t count) {
  return draw(rng, kThings, count);
}

}  // namespace rq::reward
