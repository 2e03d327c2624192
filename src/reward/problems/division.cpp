// Long division, digit by digit.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/digits.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Size {
  int digits;  // of the dividend
  std::int64_t least_divisor, most_divisor;
};
constexpr std::array<Size, 5> kSizes = {
    {{3, 3, 9}, {4, 3, 9}, {6, 3, 9}, {5, 11, 19}, {7, 11, 39}}};

// "47/7=6, rest 5" for every digit from the left.
std::string divide(std::int64_t dividend, std::int64_t divisor) {
  const std::vector<std::int64_t> digits = digits_of(dividend);
  std::string text;
  std::int64_t rest = 0;
  for (std::size_t place = digits.size(); place-- > 0;) {
    const std::int64_t part = rest * 10 + digits[place];
    rest = part % divisor;
    text += fmt::format("{}/{}={}, rest {}\n", part, divisor, part / divisor, rest);
  }
  return text + fmt::format("together {}, rest {}\n", dividend / divisor, rest);
}

}  // namespace

Draft draw_division(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  const std::int64_t dividend = draw_number(rng, size.digits),
                     divisor = rng.between(size.least_divisor, size.most_divisor),
                     quotient = dividend / divisor, rest = dividend % divisor;
  return {
      .content = fmt::format("{}/{}", dividend, divisor),
      .prompt = fmt::format("What is {} / {}, rounded down?", dividend, divisor),
      .answer = std::to_string(quotient),
      .plan = "I divide digit by digit from the left and carry the rest.\n",
      .steps = divide(dividend, divisor),
      .check = fmt::format("Let me check: {}*{}+{} must be {}.\n{}That is {}, so it is right.\n",
                           quotient,
                           divisor,
                           rest,
                           dividend,
                           multiply_digits(quotient, divisor, rest),
                           quotient * divisor + rest)};
}

}  // namespace rq::reward
