// Sums of several numbers, column by column.

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/digits.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

constexpr std::array<int, 5> kTerms = {2, 3, 3, 4, 6};
constexpr std::array<int, 5> kDigits = {2, 2, 3, 4, 5};

std::string check_by_nines(const std::vector<std::int64_t>& terms, std::int64_t sum) {
  std::vector<std::string> remainders;
  std::int64_t running = 0;
  std::string additions;
  for (const auto term : terms) {
    remainders.push_back(remainder_of_nine(term));
    const std::int64_t next = running + term % 9;
    if (remainders.size() > 1) {
      additions += fmt::format("{}+{}={}", running, term % 9, next);
      additions += next >= 9 ? fmt::format(" -> {}\n", next % 9) : "\n";
    }
    running = next % 9;
  }
  return fmt::format(
      "Let me check by remainders of 9: {}.\n{}The sum: {}. They agree, so it is right.\n",
      joined(remainders),
      additions,
      remainder_of_nine(sum));
}

}  // namespace

Draft draw_sum(Rng& rng, int difficulty) {
  std::vector<std::int64_t> terms(static_cast<std::size_t>(at_difficulty(kTerms, difficulty)));
  std::ranges::generate(terms,
                        [&] { return draw_number(rng, at_difficulty(kDigits, difficulty)); });
  const std::int64_t sum = std::accumulate(terms.begin(), terms.end(), std::int64_t{0});
  std::vector<std::int64_t> ascending = terms;  // the same terms in another order: the same problem
  std::ranges::sort(ascending);
  return {.content = joined(ascending, "+"),
          .prompt = fmt::format("What is {}?", joined(terms, " + ")),
          .answer = std::to_string(sum),
          .plan = "I add the columns from the right.\n",
          .steps = add_columns(terms),
          .check = check_by_nines(terms, sum)};
}

}  // namespace rq::reward
