#pragma once
// The steps that Python functions are made of. Each is one row of a table: what it says in English,
// what it is in Python, and what it does, in C++. From a chain of rows come a problem's words, its
// solution and its tests.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rq::reward {

using Numbers = std::vector<std::int64_t>;
using Words = std::vector<std::string>;
using Value = std::variant<std::int64_t, Numbers, std::string, Words>;
enum class ValueType : std::uint8_t { kNumber, kNumbers, kText, kWords };  // Value's, in order

struct FunctionStep {
  ValueType from, to;
  std::string_view words;   // an order; {k} is the parameter, {c} the letter that it stands for
  std::string_view python;  // an expression; {v} is the variable
  // Nothing where it is not defined: the largest of no numbers, or far too large a result.
  std::optional<Value> (*apply)(const Value& value, std::int64_t parameter);
  std::int64_t least = 0, most = 0;  // of the parameter; 0 and 0: there is none
};

// 'a' for 0
constexpr char letter_of(std::int64_t parameter) {
  return static_cast<char>('a' + parameter);
}

// By what they are given.
std::span<const FunctionStep> number_steps();
std::span<const FunctionStep> numbers_steps();
std::span<const FunctionStep> text_steps();
std::span<const FunctionStep> words_steps();
std::span<const FunctionStep> steps_from(ValueType type);

// As JSON, which Python reads as the same value: 3, [1, 2], "ab", ["a", "b"].
std::string as_json(const Value& value);

}  // namespace rq::reward
