#include "tokenizer/jinja/tests.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "tokenizer/jinja/text.h"

namespace rq::tokenizer::jinja {
namespace {

std::int64_t whole(const Value& value) {
  const auto held = value.integer();
  check(held.has_value(), "{} is no integer", value.kind());
  return *held;
}

const Value& other(const Arguments& arguments) {
  return arguments.required(0, "other", "the test");
}

constexpr auto kTests = std::to_array<std::pair<std::string_view, Test>>({
    {"defined", [](const Value& x, const Arguments&) { return !x.is_undefined(); }},
    {"undefined", [](const Value& x, const Arguments&) { return x.is_undefined(); }},
    {"none", [](const Value& x, const Arguments&) { return x.is_none(); }},
    {"string", [](const Value& x, const Arguments&) { return x.text() != nullptr; }},
    {"number", [](const Value& x, const Arguments&) { return x.number().has_value(); }},
    {"integer", [](const Value& x, const Arguments&) { return x.is_integer(); }},
    {"float",
     [](const Value& x, const Arguments&) { return x.number() && !x.integer(); }},
    {"boolean", [](const Value& x, const Arguments&) { return x.flag() != nullptr; }},
    {"true", [](const Value& x, const Arguments&) { return x.flag() != nullptr && *x.flag(); }},
    {"false", [](const Value& x, const Arguments&) { return x.flag() != nullptr && !*x.flag(); }},
    {"mapping", [](const Value& x, const Arguments&) { return x.mapping() != nullptr; }},
    {"sequence",
     [](const Value& x, const Arguments&) {
       return x.list() != nullptr || x.text() != nullptr || x.mapping() != nullptr;
     }},
    {"iterable",
     [](const Value& x, const Arguments&) {
       return x.list() != nullptr || x.text() != nullptr || x.mapping() != nullptr ||
              x.is_undefined();
     }},
    {"callable", [](const Value& x, const Arguments&) { return x.function() != nullptr; }},
    {"odd", [](const Value& x, const Arguments&) { return whole(x) % 2 != 0; }},
    {"even", [](const Value& x, const Arguments&) { return whole(x) % 2 == 0; }},
    {"divisibleby",
     [](const Value& x, const Arguments& given) {
       const auto divisor = whole(other(given));
       check(divisor != 0, "nothing is divisible by zero");
       return whole(x) % divisor == 0;
     }},
    {"equalto", [](const Value& x, const Arguments& given) { return equal(x, other(given)); }},
    {"eq", [](const Value& x, const Arguments& given) { return equal(x, other(given)); }},
    {"ne", [](const Value& x, const Arguments& given) { return !equal(x, other(given)); }},
    {"lt", [](const Value& x, const Arguments& given) { return less(x, other(given)); }},
    {"gt", [](const Value& x, const Arguments& given) { return less(other(given), x); }},
    {"le", [](const Value& x, const Arguments& given) { return !less(other(given), x); }},
    {"ge", [](const Value& x, const Arguments& given) { return !less(x, other(given)); }},
    {"in", [](const Value& x, const Arguments& given) { return contains(other(given), x); }},
    {"upper",
     [](const Value& x, const Arguments&) {
       return x.text() != nullptr && upper(*x.text()) == *x.text() &&
              lower(*x.text()) != *x.text();
     }},
    {"lower",
     [](const Value& x, const Arguments&) {
       return x.text() != nullptr && lower(*x.text()) == *x.text() &&
              upper(*x.text()) != *x.text();
     }},
});

}  // namespace

Test find_test(std::string_view name) {
  for (const auto& [known, test] : kTests) {
    if (known == name) {
      return test;
    }
  }
  return nullptr;
}

}  // namespace rq::tokenizer::jinja
