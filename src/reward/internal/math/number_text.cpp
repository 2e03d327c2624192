#include "reward/internal/math/number_text.h"

#include <algorithm>

namespace rq::reward::math {
namespace {

std::size_t count_digits(std::string_view text, std::size_t from) {
  const auto begin = std::min(from, text.size());
  return std::min(text.find_first_not_of("0123456789", begin), text.size()) - begin;
}

// The length of what separates groups of three digits at `place`, or 0.
std::size_t separator_at(std::string_view text, std::size_t place, Comma comma) {
  for (const std::string_view separator : {"{,}", ",\\!", "\\,", "\\!", "\\ ", " ", ","}) {
    const bool stands = text.substr(place).starts_with(separator) &&
                        count_digits(text, place + separator.size()) == 3;
    if (stands && (separator != "," || comma == Comma::kGroups)) {
      return separator.size();
    }
  }
  return 0;
}

// "1,234,567", or only the first digits where the commas do not all stand before three.
NumberText read_integer_text(std::string_view text, Comma comma) {
  const std::size_t count = count_digits(text, 0);
  NumberText plain{std::string(text.substr(0, count)), count};
  if (count > 3 || text[0] == '0') {
    return plain;
  }
  NumberText grouped = plain;
  while (const std::size_t length = separator_at(text, grouped.bytes, comma)) {
    grouped.digits += text.substr(grouped.bytes + length, 3);
    grouped.bytes += length + 3;
  }
  const bool goes_on =
      text.substr(grouped.bytes).starts_with(',') && count_digits(text, grouped.bytes + 1) > 0;
  return goes_on ? plain : grouped;
}

// The digits behind a point at `place`; "0." may also go on with \overline{3}.
std::string_view decimals_at(std::string_view text, std::size_t place) {
  if (!text.substr(place).starts_with('.')) {
    return {};
  }
  const std::size_t count = count_digits(text, place + 1);
  const std::string_view behind = text.substr(place + 1 + count);
  const bool repeats = behind.starts_with("\\overline") || behind.starts_with("\\bar");
  return count > 0 || repeats ? text.substr(place, 1 + count) : std::string_view();
}

// "e-3" and its like at `place`.
std::string_view exponent_at(std::string_view text, std::size_t place) {
  const std::string_view rest = text.substr(place);
  if (!rest.starts_with('e') && !rest.starts_with('E')) {
    return {};
  }
  const std::size_t sign =
      rest.substr(1).starts_with('-') || rest.substr(1).starts_with('+') ? 1 : 0;
  const std::size_t count = count_digits(rest, 1 + sign);
  return count > 0 ? rest.substr(0, 1 + sign + count) : std::string_view();
}

}  // namespace

NumberText read_number_text(std::string_view text, Comma comma) {
  NumberText number = text.starts_with('.') ? NumberText{"0", 0} : read_integer_text(text, comma);
  const std::string_view decimals = decimals_at(text, number.bytes);
  number.digits += decimals;
  number.bytes += decimals.size();
  if (const std::string_view exponent = exponent_at(text, number.bytes); !exponent.empty()) {
    number.digits += 'e';
    number.digits += exponent.substr(1);
    number.bytes += exponent.size();
  }
  return number;
}

}  // namespace rq::reward::math
