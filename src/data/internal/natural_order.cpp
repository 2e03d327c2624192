#include "data/internal/natural_order.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

namespace rq::data {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the digits at the beginning of `text` away and returns them without leading zeros.
std::string_view take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// A separator of components comes before any other character.
int rank(char c) {
  return c == '/' ? 0 : 1 + static_cast<unsigned char>(c);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::string_view left = a, right = b;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left.front()) && is_digit(right.front())) {
      const std::string_view one = take_number(left), other = take_number(right);
      if (one.size() != other.size()) {
        return one.size() < other.size();
      }
      if (one != other) {
        return one < other;
      }
    } else if (left.front() != right.front()) {
      return rank(left.front()) < rank(right.front());
    } else {
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  return left.empty() == right.empty() ? a < b : left.empty();  // "07" and "7" differ in the end
}

}  // namespace rq::data
