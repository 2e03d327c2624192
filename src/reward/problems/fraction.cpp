// Sums of fractions in lowest terms.

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Fraction {
  std::int64_t top = 0, bottom = 1;
  std::string text() const { return fmt::format("{}/{}", top, bottom); }
};

struct Size {
  int terms;
  std::int64_t least_bottom, most_bottom;
  bool has_one_bottom;
};
constexpr std::array<Size, 5> kSizes = {
    {{2, 5, 60, true}, {2, 2, 15, false}, {3, 2, 15, false}, {4, 2, 15, false}, {5, 2, 20, false}}};
constexpr std::int64_t kMostCommonBottom = 2000;

std::int64_t common_bottom(const std::vector<Fraction>& terms) {
  std::int64_t bottom = 1;
  for (const auto& term : terms) {
    bottom = std::lcm(bottom, term.bottom);
  }
  return bottom;
}

std::vector<Fraction> draw_terms(Rng& rng, const Size& size) {
  while (true) {
    const std::int64_t shared = rng.between(size.least_bottom, size.most_bottom);
    std::vector<Fraction> terms;
    for (int i = 0; i < size.terms; ++i) {
      const std::int64_t bottom =
          size.has_one_bottom ? shared : rng.between(size.least_bottom, size.most_bottom);
      terms.push_back({.top = rng.between(1, bottom - 1), .bottom = bottom});
    }
    if (common_bottom(terms) <= kMostCommonBottom) {
      return terms;
    }
  }
}

// Two fractions are the same where the products across are.
std::string check_across(const std::vector<Fraction>& terms, const Fraction& result) {
  Fraction sum = terms.front();
  std::string text = "Let me check without the common bottom.\n";
  for (std::size_t i = 1; i < terms.size(); ++i) {
    const Fraction &left = sum, &right = terms[i];
    const Fraction next{.top = left.top * right.bottom + right.top * left.bottom,
                        .bottom = left.bottom * right.bottom};
    const std::int64_t shared = std::gcd(next.top, next.bottom);
    text += fmt::format("{}+{}=({}*{}+{}*{})/({}*{})={}\n",
                        left.text(),
                        right.text(),
                        left.top,
                        right.bottom,
                        right.top,
                        left.bottom,
                        left.bottom,
                        right.bottom,
                        next.text());
    sum = i + 1 < terms.size() ? Fraction{next.top / shared, next.bottom / shared} : next;
  }
  return text + fmt::format("Across: {}*{}={} and {}*{}={}. They agree, so it is right.\n",
                            sum.top,
                            result.bottom,
                            sum.top * result.bottom,
                            result.top,
                            sum.bottom,
                            result.top * sum.bottom);
}

}  // namespace

Draft draw_fraction(Rng& rng, int difficulty) {
  const std::vector<Fraction> terms = draw_terms(rng, at_difficulty(kSizes, difficulty));
  const std::int64_t bottom = common_bottom(terms);
  std::int64_t top = 0;
  std::string steps = fmt::format("common bottom {}\n", bottom);
  std::vector<std::string> texts;
  for (const auto& term : terms) {
    const std::int64_t scaled = term.top * (bottom / term.bottom);
    texts.push_back(term.text());
    if (term.bottom != bottom) {
      steps += fmt::format("{}={}/{}\n", term.text(), scaled, bottom);
    }
    if (texts.size() > 1) {
      steps += fmt::format("{}+{}={}\n", top, scaled, top + scaled);
    }
    top += scaled;
  }
  const std::int64_t shared = std::gcd(top, bottom);
  const Fraction result{.top = top / shared, .bottom = bottom / shared};
  steps += fmt::format("{}/{}: divide both by {}, {}\n", top, bottom, shared, result.text());
  std::vector<std::string> sorted = texts;  // in another order: the same problem
  std::ranges::sort(sorted);
  return {.content = joined(sorted, "+"),
          .prompt = fmt::format("What is {} in lowest terms?", joined(texts, " + ")),
          .answer = result.bottom == 1 ? std::to_string(result.top) : result.text(),
          .plan = "I bring the fractions to a common bottom.\n",
          .steps = steps,
          .check = check_across(terms, result)};
}

}  // namespace rq::reward
