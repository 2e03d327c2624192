#include "reward/internal/math/same_values.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>

#include "reward/internal/math/evaluate.h"

namespace rq::reward::math {
namespace {

constexpr std::uint64_t kPoints = 8;

bool is_decimal(const Node& node) {
  return has_any(
      node, [](const Node& part) { return part.kind == Kind::kNumber && part.text == "decimal"; });
}

bool is_same_name(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// How many points were compared, and at how many the values are close.
struct Tally {
  int points = 0;
  int close = 0;

  void count(bool is_close) {
    ++points;
    close += is_close ? 1 : 0;
  }
  bool is_unanimous() const { return points > 0 && close == points; }
};

}  // namespace

Closeness closeness_of(const Node& a, const Node& b) {
  return is_decimal(a) || is_decimal(b) ? Closeness::kDecimal : Closeness::kExact;
}

bool are_same_values(const Node& a, const Node& b, Work& work) {
  if (a.kind == Kind::kName && b.kind == Kind::kName) {
    return is_same_name(a.text, b.text);  // the letter of a choice, a word
  }
  const Closeness closeness = closeness_of(a, b);
  const bool is_constant = variables_of(a).empty() && variables_of(b).empty();
  Tally real, complex;
  for (std::uint64_t point = 0; point < (is_constant ? 1 : kPoints); ++point) {
    const Evaluation mine = evaluate(a, point, work), theirs = evaluate(b, point, work);
    if (mine.value && theirs.value) {
      Tally& tally = mine.is_real && theirs.is_real ? real : complex;
      tally.count(are_close(*mine.value, *theirs.value, closeness));
    }
  }
  return real.points > 0 ? real.is_unanimous() : complex.is_unanimous();
}

bool have_constant_ratio(const Node& a, const Node& b, Ratio ratio, Work& work) {
  const Closeness closeness = closeness_of(a, b);
  Value first;
  for (std::uint64_t point = 0; point < kPoints; ++point) {
    const Value top = evaluate(a, point, work).value, bottom = evaluate(b, point, work).value;
    const Value inverse = bottom ? invert(*bottom) : std::nullopt;
    const Value here =
        top && inverse && !top->is_zero() ? multiply(*top, *inverse, work) : std::nullopt;
    if (!here || (first && !are_close(*first, *here, closeness))) {
      return false;
    }
    if (ratio == Ratio::kPositive && !(here->is_real() && here->approximate.real() > 0)) {
      return false;
    }
    first = here;
  }
  return true;
}

}  // namespace rq::reward::math
