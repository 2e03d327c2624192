#pragma once
// Units of measurement and money, whatever their spelling.

#include <optional>
#include <string>
#include <string_view>

namespace rq::reward::math {

// One name for each unit: "cm" for "centimetres", "dollar" for "USD". Empty where the word is none
// that is known.
std::string_view canonical_unit(std::string_view word);
bool is_currency(std::string_view word);

// Of several words: "cm^2" for "square centimeters", "km/hour" for "km per h". Nothing where one of
// them is not known.
std::optional<std::string> canonical_units(std::string_view words);

}  // namespace rq::reward::math
