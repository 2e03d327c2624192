#include "review/agreement.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace rq::review {
namespace {

struct Counts {
  double items = 0, same = 0, first_accepts = 0, second_accepts = 0;
};

std::optional<double> kappa_of(double observed, double expected) {
  // Both people always say the same word: nothing is left to agree on.
  return expected < 1 ? std::optional((observed - expected) / (1 - expected)) : std::nullopt;
}

}  // namespace

Agreement measure_agreement(std::span<const JudgedTwice> items) {
  std::map<std::pair<std::string, std::string>, Counts> by_pair;
  for (const JudgedTwice& item : items) {
    Counts& counts = by_pair[{item.first, item.second}];
    counts.items += 1;
    counts.same += item.first_accepts == item.second_accepts ? 1 : 0;
    counts.first_accepts += item.first_accepts ? 1 : 0;
    counts.second_accepts += item.second_accepts ? 1 : 0;
  }
  Agreement all{.items = std::ssize(items)};
  double observed = 0, expected = 0;  // weighted by items
  for (const auto& [names, counts] : by_pair) {
    const double first = counts.first_accepts / counts.items;
    const double second = counts.second_accepts / counts.items;
    PairAgreement pair{.first = names.first,
                       .second = names.second,
                       .items = static_cast<std::int64_t>(counts.items),
                       .observed = counts.same / counts.items,
                       .expected = first * second + (1 - first) * (1 - second)};
    pair.kappa = kappa_of(pair.observed, pair.expected);
    observed += counts.items * pair.observed;
    expected += counts.items * pair.expected;
    all.pairs.push_back(std::move(pair));
  }
  if (all.items > 0) {
    const auto count = static_cast<double>(all.items);
    all.observed = observed / count;
    all.kappa = kappa_of(*all.observed, expected / count);
  }
  return all;
}

}  // namespace rq::review
