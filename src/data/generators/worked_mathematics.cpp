#include "data/generators/worked_mathematics.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/generators/topics.h"

namespace rq::data {
namespace {

struct Topic {
  std::string_view title;
  std::string (*write)(Rng& rng);
};

constexpr std::array<Topic, 29> kTopics = {{
    {"Addition", &addition},
    {"Subtraction", &subtraction},
    {"Multiplication", &multiplication},
    {"Division with remainder", &division},
    {"Sums of several numbers", &running_sum},
    {"Last digits", &last_digit},
    {"Order of operations", &order_of_operations},
    {"Greatest common divisors", &greatest_common_divisor},
    {"Prime factors", &prime_factors},
    {"Lowest terms", &lowest_terms},
    {"Adding fractions", &adding_fractions},
    {"Multiplying fractions", &multiplying_fractions},
    {"Percentages", &percentage},
    {"Remainders of powers", &remainder_of_power},
    {"Linear equations", &linear_equation},
    {"Equations with letters on both sides", &equation_with_two_sides},
    {"Systems of equations", &system_of_equations},
    {"Like terms", &like_terms},
    {"Expanding brackets", &expanding},
    {"Factoring", &factoring},
    {"Substitution", &substitution},
    {"Arithmetic sequences", &arithmetic_sequence},
    {"Geometric sequences", &geometric_sequence},
    {"Shopping", &shopping},
    {"Sharing", &sharing},
    {"Journeys", &journey},
    {"Ages", &ages},
    {"Keeping count", &counting},
    {"Comparing", &comparison},
}};

}  // namespace

std::string worked_mathematics(Rng& rng) {
  constexpr std::int64_t kLeastBytes = 250, kMostBytes = 1500;  // at which no exercise is added
  const auto enough = static_cast<std::size_t>(rng.between(kLeastBytes, kMostBytes));
  const bool is_mixed = rng.below(4) == 0;
  const Topic* topic = &one_of(rng, kTopics);
  std::string text = fmt::format("{}\n", is_mixed ? "Mixed exercises" : topic->title);
  while (text.size() < enough) {
    text += '\n' + topic->write(rng);
    if (is_mixed) {
      topic = &one_of(rng, kTopics);
    }
  }
  return text;
}

}  // namespace rq::data
