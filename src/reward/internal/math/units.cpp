#include "reward/internal/math/units.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

#include "reward/internal/math/word_table.h"

namespace rq::reward::math {
namespace {

const WordTable& units() {
  static const WordTable all(R"(
mm mm millimeter millimetre
cm cm centimeter centimetre
m m meter metre
km km kilometer kilometre
inch in inch inches
foot ft foot feet
yard yd yard
mile mi mile
g g gram
kg kg kilogram
mg mg
pound lb lbs pound
ounce oz ounce
ton ton
second s sec second
minute min minute
hour h hr hour
day day
week week
month month
year year yr
ml ml milliliter
liter l liter litre
gallon gallon
degree degree deg
radian rad radian
mile/hour mph
km/hour kmh
joule j joule
newton n newton
watt w watt
volt v volt
hertz hz hertz
acre acre
unit unit
dollar dollar usd
cent cent
euro euro eur
rupee rupee
yen yen
mole mol mole
square sq square
cubic cubic cu
)");
  return all;
}

}  // namespace

std::string_view canonical_unit(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  for (int plural = 0; plural < 2; ++plural) {
    if (const std::string_view unit = units().find(lower); !unit.empty()) {
      return unit;
    }
    if (!lower.ends_with('s') || lower.size() < 3) {
      break;
    }
    lower.pop_back();
  }
  return {};
}

bool is_currency(std::string_view word) {
  const std::string_view unit = canonical_unit(word);
  return unit == "dollar" || unit == "euro" || unit == "pound" || unit == "yen" || unit == "rupee";
}

std::optional<std::string> canonical_units(std::string_view words) {
  std::istringstream in{std::string(words)};
  std::string unit;
  for (std::string word; in >> word;) {
    if (word == "per") {
      unit += "/";
      continue;
    }
    const std::string_view known = canonical_unit(word.substr(0, word.find('^')));
    if (known.empty()) {
      return std::nullopt;
    }
    if (!unit.empty() && unit.back() != '/') {
      unit += "*";
    }
    unit += known;
    unit += word.substr(std::min(word.find('^'), word.size()));
  }
  // "square cm" is "cm^2".
  for (const auto& [word, power] : {std::pair{"square*", "^2"}, std::pair{"cubic*", "^3"}}) {
    if (unit.starts_with(word)) {
      unit = unit.substr(std::string_view(word).size()) + power;
    }
  }
  return unit;
}

}  // namespace rq::reward::math
